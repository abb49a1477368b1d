package autark.server.desk;

import autark.server.http.ClientGoneException;
import autark.server.http.Outflow;
import autark.server.http.Reply;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A stream that gives a sign of life whenever it was silent for a while, so that neither the
/// client nor what stands between takes a long prompt for a dead server.
public final class Pulse implements Outflow {
    /// Silence that clients and proxies bear.
    public static final Duration SILENCE = Duration.ofSeconds(15);

    /// What comes before server-sent events.
    public static final Reply EVENTS =
            Reply.text("text/event-stream", "")
                    .withHeader("cache-control", "no-cache")
                    .withHeader("x-accel-buffering", "no");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Outflow out;
    private final String sign;
    private final Duration silence;
    private long writtenNanos = System.nanoTime();
    private boolean closed;

    /// Takes `out` over and closes it at the end.
    ///
    /// @param sign what is written after a silence
    public Pulse(Outflow out, String sign, Duration silence) {
        this.out = out;
        this.sign = sign;
        this.silence = silence;
        Thread.ofVirtual().start(this::beat);
    }

    private void beat() {
        lock.lock();
        try {
            while (!closed) {
                long left = writtenNanos + silence.toNanos() - System.nanoTime();
                if (left <= 0) {
                    write(sign);
                } else {
                    changed.awaitNanos(left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ClientGoneException e) {
            closed = true; // the writer of the answer finds it out itself
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void write(byte[] piece) {
        lock.lock();
        try {
            out.write(piece);
            writtenNanos = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
            out.close();
        } finally {
            lock.unlock();
        }
    }
}
