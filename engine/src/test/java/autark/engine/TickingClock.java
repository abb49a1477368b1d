package autark.engine;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// A second passes with each look at it.
final class TickingClock extends Clock {
    private long seconds;

    @Override
    public Instant instant() {
        return Instant.ofEpochSecond(seconds++);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the test knows UTC alone");
    }
}
