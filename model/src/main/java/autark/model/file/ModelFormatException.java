package autark.model.file;

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
}
