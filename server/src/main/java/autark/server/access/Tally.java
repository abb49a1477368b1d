package autark.server.access;

import autark.server.store.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/// Counts what is too much for the audit log line by line, and writes the sums into it every ten
/// minutes in which something happened.
final class Tally {
    private static final Duration EVERY = Duration.ofMinutes(10);

    private static final Logger LOGGER = System.getLogger(Tally.class.getName());

    private final AuditLog log;
    private final Clock clock;
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();
    private Instant written;

    Tally(AuditLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
        this.written = clock.instant();
    }

    /// An answer has ended.
    void answered() {
        answers.incrementAndGet();
        writeIfDue();
    }

    /// Somebody was not let in, or had used what was his.
    void refused() {
        refusals.incrementAndGet();
        writeIfDue();
    }

    private synchronized void writeIfDue() {
        Instant now = clock.instant();
        if (!now.isBefore(written.plus(EVERY))) {
            written = now;
            write();
        }
    }

    /// Writes the sums, if there are any.
    synchronized void write() {
        long answered = answers.getAndSet(0);
        long refused = refusals.getAndSet(0);
        if (answered + refused > 0) {
            try {
                log.record(
                        "server",
                        "requests",
                        "%d answered, %d refused".formatted(answered, refused));
            } catch (BooksException | StoreException e) {
                LOGGER.log(Level.ERROR, e.getMessage()); // no reason to answer nobody
            }
        }
    }
}
