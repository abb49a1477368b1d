package autark.server.http;

import java.io.Serial;

/// The server cannot start.
public final class ServerException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    ServerException(String message) {
        super(message);
    }
}
