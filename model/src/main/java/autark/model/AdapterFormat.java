package autark.model;

import autark.model.file.ModelFormatException;
import autark.model.file.TensorFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/// How a kind of adapter file names the projections that it adapts, and what it says of a pair.
sealed interface AdapterFormat permits GgufAdapter, PeftAdapter {
    /// Which projection a pair is for.
    ///
    /// @param tensor of the base model
    /// @param expert which of the experts in it, if the pair is not for all that is in the tensor
    /// @param headDim as in [AdapterPair]
    record Place(String tensor, OptionalInt expert, int headDim) {}

    /// Opens an adapter file of any kind.
    ///
    /// @throws ModelFormatException if it is none
    static AdapterFormat open(Path path, Config config) {
        if (Files.isDirectory(path)) {
            return PeftAdapter.open(path, config);
        }
        boolean weights = String.valueOf(path.getFileName()).endsWith(".safetensors");
        return weights
                ? PeftAdapter.open(path, path.resolveSibling(PeftAdapter.CONFIG), config)
                : GgufAdapter.open(path, config);
    }

    /// The weights, open.
    TensorFile file();

    /// What follows the name of a module in the name of its A.
    String suffixOfA();

    /// Likewise of its B.
    String suffixOfB();

    /// The projection that a module stands for.
    ///
    /// @throws ModelFormatException if Autark knows none
    Place place(String module);

    /// The factor of a module's pair.
    ///
    /// @throws ModelFormatException if the file says that the module has another rank
    float scale(String module, int rank);

    /// SHA-256 of the configuration beside the weights, empty if there is none.
    String configSha256();

    /// The error of a module or tensor of the file.
    default ModelFormatException error(String name, String message) {
        return new ModelFormatException(
                "%s: tensor %s: %s".formatted(file().path(), name, message));
    }
}
