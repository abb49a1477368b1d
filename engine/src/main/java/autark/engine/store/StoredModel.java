package autark.engine.store;

import java.nio.file.Path;
import java.time.Instant;

/// A model in the store.
///
/// @param name its name
/// @param sha256 the digest of the file, verified when the file came in
/// @param bytes the size of the file
/// @param origin where it came from
/// @param added when this name was given
/// @param file the model file, read-only
public record StoredModel(
        ModelName name, Sha256 sha256, long bytes, Origin origin, Instant added, Path file) {}
