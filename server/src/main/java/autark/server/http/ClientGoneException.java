package autark.server.http;

import java.io.Serial;

/// The client is away.
public final class ClientGoneException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    ClientGoneException(String where) {
        super("the client went away " + where);
    }

    ClientGoneException(Throwable cause) {
        super("the client is away", cause);
    }
}
