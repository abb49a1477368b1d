package autark.server.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// What the bodies of all requests that are being answered may take of the heap. A body takes what
/// has come of it, not what it says it has; where nothing is left, the client may try again.
final class BodyBudget {
    private final AtomicLong left;

    BodyBudget(long bytes) {
        this.left = new AtomicLong(bytes);
    }

    /// @throws ApiException if there is not so much left
    void take(int bytes) {
        if (left.addAndGet(-bytes) < 0) {
            left.addAndGet(bytes);
            throw ApiException.of(
                            ApiException.Kind.OVERLOADED,
                            "the server holds as many bodies of requests as it may")
                    .withRetryAfter(Duration.ofSeconds(1));
        }
    }

    void giveBack(long bytes) {
        left.addAndGet(bytes);
    }
}
