package autark.engine;

import java.time.Duration;

/// The engine has as much to do as it may take on. The request was not taken in; it may come again.
public final class OverloadedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    OverloadedException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /// When it is worth another try, by what is waiting and how fast the engine is.
    public Duration retryAfter() {
        return retryAfter;
    }
}
