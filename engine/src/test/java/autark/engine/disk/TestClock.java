package autark.engine.disk;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that goes when it is told to. It begins when the test does, since it is compared with
/// the times of files.
final class TestClock implements InstantSource {
    private volatile Instant now = InstantSource.system().instant();

    void pass(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public Instant instant() {
        return now;
    }
}
