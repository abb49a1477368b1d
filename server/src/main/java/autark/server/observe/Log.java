package autark.server.observe;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// A log of one line an event: when, how grave, what, and then names with values.
///
/// What goes wrong is told by the class of the exception and where it was thrown, not by its
/// message: that may quote what a client sent.
public final class Log {
    private static final int FRAMES_MAX = 40;

    private final Form form;
    private final Level least;
    private final Clock clock;
    private final Consumer<String> sink;

    /// How a line looks.
    public enum Form {
        /// `2026-11-25T09:00:00.000Z info request id=req-1 ...`
        TEXT,
        /// An object of JSON.
        JSON
    }

    /// How grave an event is.
    public enum Level {
        DEBUG,
        INFO,
        WARNING,
        ERROR
    }

    /// @param least level of events that get a line
    /// @param sink takes whole lines, without line ends, from any thread
    public Log(Form form, Level least, Clock clock, Consumer<String> sink) {
        this.form = form;
        this.least = least;
        this.clock = clock;
        this.sink = sink;
    }

    /// Nothing is written.
    public static Log none() {
        return new Log(Form.TEXT, Level.ERROR, Clock.systemUTC(), _ -> {});
    }

    /// Writes the line of an event.
    ///
    /// @param fields texts and whole numbers, in the order of the line
    public void write(Level level, String event, Map<String, ?> fields) {
        if (level.compareTo(least) < 0) {
            return;
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        String word = level.name().toLowerCase(Locale.ROOT);
        sink.accept(
                switch (form) {
                    case TEXT -> text(now, word, event, fields);
                    case JSON -> json(now, word, event, fields);
                });
    }

    private static String text(Instant now, String level, String event, Map<String, ?> fields) {
        StringBuilder line = new StringBuilder();
        line.append(now).append(' ').append(level).append(' ').append(harmless(event));
        fields.forEach(
                (name, value) -> line.append(' ').append(name).append('=').append(word(value)));
        return line.toString();
    }

    /// An event is written by us, but may name something from outside.
    private static String harmless(String event) {
        String quoted = StringNode.valueOf(event).toString();
        return quoted.substring(1, quoted.length() - 1);
    }

    private static String word(Object value) {
        String text = value.toString();
        boolean plain =
                !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"');
        return plain ? text : StringNode.valueOf(text).toString();
    }

    private static String json(Instant now, String level, String event, Map<String, ?> fields) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("time", now.toString());
        line.put("level", level);
        line.put("event", event);
        fields.forEach((name, value) -> {
            if (value instanceof Number number) {
                line.put(name, number.longValue());
            } else {
                line.put(name, value.toString());
            }
        });
        return line.toString();
    }

    /// Has all that the program tells by [System.Logger] written here from now on.
    public void takeOver() {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.addHandler(new Forwarder(this));
        root.setLevel(
                least == Level.DEBUG ? java.util.logging.Level.FINE : java.util.logging.Level.INFO);
    }

    private static final class Forwarder extends Handler {
        private final Log log;
        private final SimpleFormatter formatter = new SimpleFormatter();

        Forwarder(Log log) {
            this.log = log;
        }

        @Override
        public void publish(LogRecord event) {
            Map<String, String> fields = new LinkedHashMap<>();
            if (event.getThrown() != null) {
                fields.put("error", event.getThrown().getClass().getName());
                fields.put("at", frames(event.getThrown()));
            }
            log.write(level(event), formatter.formatMessage(event), fields);
        }

        private static String frames(Throwable thrown) {
            return Arrays.stream(thrown.getStackTrace())
                    .limit(FRAMES_MAX)
                    .map(frame ->
                            "%s.%s:%d"
                                    .formatted(
                                            frame.getClassName(),
                                            frame.getMethodName(),
                                            frame.getLineNumber()))
                    .collect(Collectors.joining(" < "));
        }

        private static Level level(LogRecord event) {
            int value = event.getLevel().intValue();
            if (value >= java.util.logging.Level.SEVERE.intValue()) {
                return Level.ERROR;
            }
            if (value >= java.util.logging.Level.WARNING.intValue()) {
                return Level.WARNING;
            }
            return value >= java.util.logging.Level.INFO.intValue() ? Level.INFO : Level.DEBUG;
        }

        @Override
        public void flush() {
            // a line is out when it is written
        }

        @Override
        public void close() {
            // the sink is not ours
        }
    }
}
