package autark.server.store;

import java.io.Serial;

/// The store cannot do what it was asked to; the message is written for the owner of the machine.
public final class StoreException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    StoreException(String message) {
        super(message);
    }

    StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
