package autark.server.http;

import java.io.Serial;

/// A request that is no HTTP as it is spoken here. It is answered with a status of its own, and the
/// connection ends: where the next request would begin cannot be trusted.
final class RefusedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final int status;

    RefusedException(int status, String message) {
        super(message);
        this.status = status;
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
