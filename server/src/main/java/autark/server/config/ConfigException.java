package autark.server.config;

import java.io.Serial;

/// The server is configured in a way that makes no sense; the message is written for its owner.
public final class ConfigException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    ConfigException(String message) {
        super(message);
    }
}
