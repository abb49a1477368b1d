package autark.engine.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The models on this machine.
public final class ModelStore {
    private final Path root;

    private ModelStore(Path root) {
        this.root = root;
    }

    /// The store in this folder, which is created by the first model that comes in.
    public static ModelStore open(Path root) {
        return new ModelStore(root);
    }

    /// The folder that the environment names: `AUTARK_MODELS`, else `$XDG_DATA_HOME/autark/models`,
    /// else `~/.local/share/autark/models`.
    ///
    /// @throws StoreException if none of the three variables is set
    public static Path standardRoot(Map<String, String> environment) {
        String models = environment.getOrDefault("AUTARK_MODELS", "");
        if (!models.isEmpty()) {
            return Path.of(models).toAbsolutePath();
        }
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        if (Path.of(data).isAbsolute()) {
            return Path.of(data, "autark", "models");
        }
        String home = environment.getOrDefault("HOME", "");
        if (home.isEmpty()) {
            throw new StoreException(
                    "no place for models: HOME is not set; set AUTARK_MODELS to a folder");
        }
        return Path.of(home, ".local", "share", "autark", "models").toAbsolutePath();
    }

    /// The folder of the store.
    public Path root() {
        return root;
    }

    /// The model with this name, if it is here.
    public Optional<StoredModel> find(ModelName name) {
        return list().stream().filter(model -> model.name().equals(name)).findFirst();
    }

    /// All models, by name.
    public List<StoredModel> list() {
        return List.of();
    }
}
