package autark.server.config;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// What values of a setting look like.
///
/// @param label stands for a value in help texts, as `N`
/// @param expected what a value is, as "a whole number from 1 to 10"
/// @param reader of a value of the file; flags and variables are read as strings of the file
public record Form<T>(String label, String expected, Function<JsonNode, T> reader) {
    /// A time that has no end.
    public static final Duration FOREVER = Duration.ofDays(36_500);

    private static final int CHARS_MAX = 4096;
    private static final int SHOWN_CHARS_MAX = 80;
    private static final Pattern TIME = Pattern.compile("(?:\\d{1,9}(?:ms|s|m|h))+");
    private static final Pattern TIME_PART = Pattern.compile("(\\d+)(ms|s|m|h)");

    /// @throws ConfigException if the node holds no such value
    T read(JsonNode node) {
        try {
            return reader.apply(node);
        } catch (IllegalArgumentException | ConfigException e) {
            throw new ConfigException("found %s, expected %s".formatted(shown(node), expected));
        }
    }

    private static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() <= SHOWN_CHARS_MAX ? text : text.substring(0, SHOWN_CHARS_MAX) + "...";
    }

    public static Form<String> text(String label, String expected) {
        return new Form<>(label, expected, Form::scalar);
    }

    public static Form<Path> file() {
        return new Form<>("FILE", "a file", node -> Path.of(scalar(node)));
    }

    public static Form<Integer> number(int least, int most) {
        String expected = "a whole number from %d to %d".formatted(least, most);
        return new Form<>(
                "N",
                expected,
                node -> {
                    int number = Integer.parseInt(scalar(node));
                    check(number >= least && number <= most);
                    return number;
                });
    }

    /// An amount, of money for instance, that is not negative.
    public static Form<BigDecimal> amount() {
        return new Form<>(
                "X",
                "a number, 0 or more",
                node -> {
                    BigDecimal amount = new BigDecimal(scalar(node));
                    check(amount.signum() >= 0 && amount.precision() <= 18 && amount.scale() <= 18);
                    return amount;
                });
    }

    public static Form<Boolean> yesOrNo() {
        return new Form<>(
                "YES",
                "true or false",
                node ->
                        switch (scalar(node).toLowerCase(Locale.ROOT)) {
                            case "true", "1" -> true;
                            case "false", "0" -> false;
                            default -> throw new IllegalArgumentException("neither");
                        });
    }

    /// One of some words.
    public static Form<String> word(String... words) {
        List<String> known = List.of(words);
        return new Form<>(
                "WORD",
                "one of " + String.join(", ", known),
                node -> {
                    String word = scalar(node).toLowerCase(Locale.ROOT);
                    check(known.contains(word));
                    return word;
                });
    }

    /// Bytes; 0 for none.
    public static Form<Long> size() {
        return new Form<>(
                "SIZE",
                "a size, for instance 512MB or 2GiB, or 0",
                node -> {
                    String text = scalar(node);
                    return text.equals("0") ? 0 : ByteSize.parse(text).bytes();
                });
    }

    /// A time as Go's programs write it, seconds if there is no unit, without end if it is
    /// negative.
    public static Form<Duration> time() {
        return new Form<>(
                "TIME",
                "a time, for instance 30s, 5m or 1h30m, or -1 for ever",
                node -> {
                    String text = scalar(node);
                    if (text.startsWith("-")) {
                        return FOREVER;
                    }
                    Duration time =
                            TIME.matcher(text).matches()
                                    ? sum(TIME_PART.matcher(text))
                                    : Duration.ofSeconds(Integer.parseInt(text));
                    return time.compareTo(FOREVER) < 0 ? time : FOREVER;
                });
    }

    private static Duration sum(Matcher parts) {
        Duration sum = Duration.ZERO;
        for (MatchResult part : parts.results().toList()) {
            long count = Long.parseLong(part.group(1));
            sum =
                    sum.plus(
                            switch (part.group(2)) {
                                case "ms" -> Duration.ofMillis(count);
                                case "s" -> Duration.ofSeconds(count);
                                case "m" -> Duration.ofMinutes(count);
                                default -> Duration.ofHours(count);
                            });
        }
        return sum;
    }

    /// Several texts: an array in the file, divided by commas elsewhere.
    public static Form<List<String>> texts(String label, String expected) {
        return new Form<>(
                label + ",...",
                expected,
                node -> {
                    List<String> texts = new ArrayList<>();
                    if (node.isArray()) {
                        node.forEach(element -> texts.add(scalar(element)));
                    } else {
                        for (String text : scalar(node).split(",", -1)) {
                            texts.add(text.strip());
                        }
                    }
                    texts.forEach(text -> check(!text.isEmpty()));
                    return List.copyOf(texts);
                });
    }

    /// A table of the file: values by names that its owner chooses.
    public static <V> Form<Map<String, V>> table(Form<V> values) {
        return new Form<>(
                "TABLE",
                "a table of names, each with " + values.expected,
                node -> {
                    check(node.isObject());
                    Map<String, V> table = new LinkedHashMap<>();
                    node.forEachEntry((name, value) -> table.put(name, values.read(value)));
                    return Map.copyOf(table);
                });
    }

    /// An adapter and its model.
    static Form<AdapterFile> adapter() {
        return new Form<>(
                "TABLE",
                "a table with `model` and `file`",
                node -> {
                    check(node.isObject() && node.size() == 2);
                    return new AdapterFile(
                            scalar(node.path("model")), Path.of(scalar(node.path("file"))));
                });
    }

    /// What was given as a flag or a variable.
    static JsonNode node(String text) {
        return StringNode.valueOf(text);
    }

    private static String scalar(JsonNode node) {
        check(node.isString() || node.isNumber() || node.isBoolean());
        String text = node.asString();
        check(!text.isEmpty() && text.length() <= CHARS_MAX);
        return text;
    }

    private static void check(boolean right) {
        if (!right) {
            throw new IllegalArgumentException("no value of this form");
        }
    }
}
