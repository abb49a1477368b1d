package autark.server.models;

import autark.engine.Engine;
import autark.engine.EngineOptions;
import java.util.function.Function;

/// Makes engines of models.
public interface Opener {
    /// Bytes of memory that the engine of a model takes.
    ///
    /// @throws RuntimeException if the file holds no model
    long bytes(ModelSource source);

    /// Loads a model.
    ///
    /// @throws autark.model.MemoryShortageException if there is no memory for it now
    /// @throws RuntimeException if it cannot be loaded for another reason
    Engine open(ModelSource source);

    /// Opens model files.
    ///
    /// @param options how to open each
    static Opener ofFiles(Function<ModelSource, EngineOptions> options) {
        return new Opener() {
            @Override
            public long bytes(ModelSource source) {
                return Engine.memoryBytes(source.file(), options.apply(source));
            }

            @Override
            public Engine open(ModelSource source) {
                return Engine.open(source.file(), options.apply(source));
            }
        };
    }
}
