package autark.model;

/// A model needs more memory than this process can have.
public final class MemoryShortageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MemoryShortageException(String message) {
        super(message);
    }
}
