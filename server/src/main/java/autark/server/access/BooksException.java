package autark.server.access;

import java.io.Serial;

/// The books of the server cannot be opened or kept; the message is written for the owner of the
/// machine.
public final class BooksException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    BooksException(String message) {
        super(message);
    }

    BooksException(String message, Throwable cause) {
        super(message, cause);
    }
}
