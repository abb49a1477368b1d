package autark.engine;

import java.nio.file.Path;

/// Where beginnings that were read before survive a restart. The files are sealed by a key that the
/// owner alone can read; several processes may share the folder.
///
/// @param folder is created if it is absent
/// @param keyFile holds the key; it is created, for its owner alone, if it is absent
/// @param capBytes most bytes of all files; what was not used for longest goes first
/// @param model names the content of the model, for instance by the SHA-256 of its file: of two
///   models of the same name one would take the other's keys and values for its own
public record PrefixFolder(Path folder, Path keyFile, long capBytes, String model) {
    /// Refuses values out of range.
    ///
    /// @throws EngineException if one is
    public PrefixFolder {
        if (capBytes < 1) {
            throw new EngineException(
                    "prefix cache: found a cap of %d bytes, expected at least 1"
                            .formatted(capBytes));
        }
        if (model.isEmpty()) {
            throw new EngineException("prefix cache: found no name of the model, expected one");
        }
    }
}
