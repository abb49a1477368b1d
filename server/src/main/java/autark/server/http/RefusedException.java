package autark.server.http;

import java.io.Serial;

/// A request that is no HTTP as it is spoken here. It is answered with a status of its own, and the
/// connection ends: where the next request would begin cannot be trusted.
final class RefusedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final int status;
    private final String target;

    RefusedException(int status, String message) {
        this(status, message, "/");
    }

    private RefusedException(int status, String message, String target) {
        super(message);
        this.status = status;
        this.target = target;
    }

    /// The same, of a request whose target is known.
    RefusedException withTarget(String newTarget) {
        return new RefusedException(status, getMessage(), newTarget);
    }

    /// As the client sent it, good for nothing but to tell how it expects failures to be told.
    String target() {
        return target;
    }

    static RefusedException bad(String message) {
        return new RefusedException(400, message);
    }

    int status() {
        return status;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
