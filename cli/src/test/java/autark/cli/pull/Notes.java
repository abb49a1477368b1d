package autark.cli.pull;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps what a pull tells.
final class Notes implements PullListener {
    private final Runnable onNote;
    final List<String> lines = new CopyOnWriteArrayList<>();
    volatile long lastBytes;
    volatile long lastTotal;

    /// @param onNote called after each note
    Notes(Runnable onNote) {
        this.onNote = onNote;
    }

    @Override
    public void note(String line) {
        lines.add(line);
        onNote.run();
    }

    @Override
    public void progress(long bytes, long totalBytes) {
        lastBytes = bytes;
        lastTotal = totalBytes;
    }
}
