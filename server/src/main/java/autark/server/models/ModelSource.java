package autark.server.models;

import autark.engine.store.StoredModel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// Where a model comes from.
///
/// @param name that stands for all its aliases
/// @param file the model file
/// @param created when it came to be here
/// @param stored what the store knows of it; empty for a file that lies elsewhere
/// @param adapter a low-rank adapter that changes it
public record ModelSource(
        String name,
        Path file,
        Instant created,
        Optional<StoredModel> stored,
        Optional<Path> adapter) {
    /// The same under another name, with an adapter.
    ModelSource adapted(String newName, Path newAdapter) {
        return new ModelSource(newName, file, created, stored, Optional.of(newAdapter));
    }

    /// What a client is told.
    public ModelCard card() {
        return new ModelCard(name, created);
    }

    /// What the file says of itself.
    ModelDetails details() {
        return ModelDetails.read(file, stored.map(model -> model.sha256().toString()).orElse(""));
    }
}
