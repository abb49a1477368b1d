package autark.server.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// A clock that stands still until it is moved.
final class TestClock extends Clock {
    private volatile Instant now;
    private int looks;
    private Runnable hook = () -> {};

    TestClock(String now) {
        this.now = Instant.parse(now);
    }

    void move(Duration time) {
        now = now.plus(time);
    }

    /// Has something happen when somebody looks at the clock.
    ///
    /// @param look which look, 1 for the next
    void at(int look, Runnable action) {
        looks = look;
        hook = action;
    }

    @Override
    public Instant instant() {
        looks--;
        if (looks == 0) {
            hook.run();
        }
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
