package autark.cli;

import autark.cli.pull.PullListener;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Shows on a terminal how far a transfer is: part, rate, remaining time. Where nobody looks, only
/// the notes are written, a line each.
final class ProgressBar implements PullListener, AutoCloseable {
    private static final Duration REDRAW_INTERVAL = Duration.ofMillis(100);
    private static final int CELLS = 24;
    private static final String CLEAR_LINE = "\r\033[K";

    private final PrintWriter err;
    private final boolean interactive;
    private final LongSupplier nanoTime;
    private boolean drawn;
    private long drawnAt;
    private long startedAt;
    private long startBytes = -1;
    private long lastBytes;

    /// @param nanoTime the clock, as [System#nanoTime]
    ProgressBar(PrintWriter err, boolean interactive, LongSupplier nanoTime) {
        this.err = err;
        this.interactive = interactive;
        this.nanoTime = nanoTime;
    }

    @Override
    public void note(String line) {
        clear();
        err.println(line);
        err.flush();
    }

    @Override
    public void progress(long bytes, long totalBytes) {
        if (!interactive) {
            return;
        }
        long now = nanoTime.getAsLong();
        boolean restarted = startBytes < 0 || bytes < lastBytes;
        if (restarted) {
            startedAt = now;
            startBytes = bytes;
        }
        lastBytes = bytes;
        boolean due = !drawn || now - drawnAt >= REDRAW_INTERVAL.toNanos();
        if (due) {
            draw(bytes, totalBytes, (now - startedAt) / 1e9);
            drawnAt = now;
        }
    }

    /// Removes the bar.
    @Override
    public void close() {
        clear();
    }

    private void draw(long bytes, long totalBytes, double seconds) {
        double part = Math.min(1.0, (double) bytes / totalBytes);
        int full = (int) (part * CELLS);
        StringBuilder line = new StringBuilder(CLEAR_LINE);
        line.append("[%s%s] ".formatted("#".repeat(full), "-".repeat(CELLS - full)));
        line.append("%3d %% of %s".formatted((int) (100 * part), Quantity.bytes(totalBytes)));
        double bytesPerSecond = seconds > 0 ? (bytes - startBytes) / seconds : 0;
        if (bytesPerSecond > 0) {
            double left = Math.max(0, totalBytes - bytes) / bytesPerSecond;
            line.append(", %s/s".formatted(Quantity.bytes((long) bytesPerSecond)));
            line.append(", %s left".formatted(Quantity.duration((long) Math.ceil(left))));
        }
        err.print(line);
        err.flush();
        drawn = true;
    }

    private void clear() {
        if (drawn) {
            err.print(CLEAR_LINE);
            err.flush();
            drawn = false;
        }
    }
}
