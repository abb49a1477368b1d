package autark.engine.disk;

/// The store cannot be opened, or cannot erase; the message is written for the user.
public final class BlockStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BlockStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
