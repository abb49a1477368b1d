package autark.model.file;

import java.nio.file.Path;

/// A model file that cannot be used: not a model, damaged, hostile, or of a kind that Autark does
/// not support. The message names the file, the byte offset or the key, what was found, what was
/// expected and, where something helps, what to do.
public final class ModelFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ModelFormatException(String message) {
        super(message);
    }

    public ModelFormatException(String message, Throwable cause) {
        super(message, cause);
    }

    /// The error of something wrong at a byte offset of a file.
    static ModelFormatException at(Path path, long offset, String message) {
        return new ModelFormatException("%s: byte %d: %s".formatted(path, offset, message));
    }
}
