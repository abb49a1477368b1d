package autark.bench;

import autark.engine.store.ModelName;
import autark.engine.store.ModelStore;
import java.nio.file.Path;

/// The model that benchmarks of real work take.
final class DefaultModelFile {
    private static final String NAME = "smollm2:135m";

    private DefaultModelFile() {}

    /// Its place in the model store.
    static Path path() {
        return ModelStore.open(ModelStore.standardRoot(System.getenv()))
                .find(ModelName.parse(NAME))
                .orElseThrow(() ->
                        new IllegalStateException(
                                "%s is not in the store: autark pull %s".formatted(NAME, NAME)))
                .file();
    }
}
