package autark.checks.program;

import autark.engine.store.ModelName;
import autark.engine.store.ModelStore;
import autark.engine.store.StoredModel;
import java.nio.file.Path;
import java.util.Optional;

/// The default model on this machine.
final class DefaultModel {
    static final String NAME = "smollm2:135m";

    private DefaultModel() {}

    /// The file in the model store; pulled by the program itself if it is not there yet.
    static synchronized Path file() {
        return stored().orElseGet(DefaultModel::pulled).file();
    }

    private static Optional<StoredModel> stored() {
        ModelStore store = ModelStore.open(ModelStore.standardRoot(System.getenv()));
        return store.find(ModelName.parse(NAME));
    }

    private static StoredModel pulled() {
        Program.run("pull", NAME).mustSucceed();
        return stored().orElseThrow();
    }
}
