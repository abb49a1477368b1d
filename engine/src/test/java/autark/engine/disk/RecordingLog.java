package autark.engine.disk;

import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// Keeps what was logged.
final class RecordingLog implements System.Logger {
    private final List<String> lines = new ArrayList<>();

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public String getName() {
        return "test";
    }

    @Override
    public boolean isLoggable(Level level) {
        return true;
    }

    @Override
    public synchronized void log(
            Level level, @Nullable ResourceBundle bundle, String text, @Nullable Throwable thrown) {
        lines.add(level + ": " + text + (thrown == null ? "" : " " + thrown));
    }

    @Override
    public synchronized void log(
            Level level, @Nullable ResourceBundle bundle, String format, Object... values) {
        lines.add(level + ": " + MessageFormat.format(format, values));
    }
}
