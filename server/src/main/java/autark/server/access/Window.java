package autark.server.access;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/// What was granted in the last sixty seconds, in buckets of one second. A grant counts until its
/// whole second is sixty seconds old, so in no sixty seconds more is granted than allowed; it
/// counts for up to a second longer than it would have to. Its owner guards it.
final class Window {
    private static final long SECONDS = 60;

    private final Deque<Bucket> buckets = new ArrayDeque<>();
    private long sum;

    private static final class Bucket {
        final long second;
        long amount;

        Bucket(long second) {
            this.second = second;
        }
    }

    /// How long it takes until so much fits under the limit; zero if it does.
    Duration wait(Instant now, long amount, long limit) {
        forget(now);
        long over = sum + amount - limit;
        for (Bucket bucket : buckets) {
            if (over <= 0) {
                break;
            }
            over -= bucket.amount;
            if (over <= 0) {
                Instant free = Instant.ofEpochSecond(bucket.second + SECONDS + 1);
                return Duration.between(now, free);
            }
        }
        return Duration.ZERO;
    }

    long sum(Instant now) {
        forget(now);
        return sum;
    }

    void add(Instant now, long amount) {
        long second = now.getEpochSecond();
        Bucket last = buckets.peekLast();
        if (last == null || last.second < second) {
            last = new Bucket(second);
            buckets.addLast(last);
        }
        last.amount += amount;
        sum += amount;
    }

    /// Puts another amount in the place of one that was granted, if it still counts.
    void replace(Instant granted, long before, long after) {
        for (Bucket bucket : buckets) {
            if (bucket.second == granted.getEpochSecond()) {
                bucket.amount += after - before;
                sum += after - before;
            }
        }
    }

    private void forget(Instant now) {
        while (!buckets.isEmpty() && now.getEpochSecond() - buckets.peekFirst().second > SECONDS) {
            sum -= buckets.removeFirst().amount;
        }
    }
}
