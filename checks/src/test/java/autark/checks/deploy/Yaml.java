package autark.checks.deploy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The part of YAML that our files keep to: maps and lists as indented blocks, and scalars. All
/// else is refused.
///
/// Values are maps, lists, and [Scalar]s.
final class Yaml {
    private static final Pattern PAIR =
            Pattern.compile("(\"[^\"]*\"|[A-Za-z0-9_./-]+):(?: +(.+))?");
    private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9./_-][^#\"'{}\\[\\]&*!|>%@`]*");

    private final Deque<Line> lines = new ArrayDeque<>();

    /// A scalar as it is written.
    record Scalar(String raw) {
        String text() {
            Matcher quoted = QUOTED.matcher(raw);
            return quoted.matches() ? quoted.group(1).replace("\\\"", "\"") : raw;
        }
    }

    private record Line(int indent, String text, int number) {}

    private Yaml(String text) {
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String content = line.strip();
            if (!content.isEmpty() && !content.startsWith("#")) {
                lines.add(new Line(line.indexOf(content), content, number));
            }
        }
    }

    /// @throws IllegalArgumentException if it is no such text
    static Object parse(String text) {
        if (text.contains("\t")) {
            throw new IllegalArgumentException("found a tab");
        }
        Yaml yaml = new Yaml(text);
        Object value = yaml.block(0);
        if (!yaml.lines.isEmpty()) {
            throw yaml.wrong("the end");
        }
        return value;
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException(
                "found %s, expected %s".formatted(lines.peek(), expected));
    }

    private Object block(int indent) {
        Line first = lines.peek();
        if (first == null || first.indent() != indent) {
            throw wrong("a block indented by " + indent);
        }
        return first.text().startsWith("- ") ? list(indent) : map(indent);
    }

    private List<Object> list(int indent) {
        List<Object> list = new ArrayList<>();
        while (isAt(indent) && lines.element().text().startsWith("- ")) {
            Line line = lines.remove();
            String rest = line.text().substring(2);
            if (PAIR.matcher(rest).matches()) {
                lines.push(new Line(indent + 2, rest, line.number()));
                list.add(map(indent + 2));
            } else {
                list.add(scalar(rest));
            }
        }
        return list;
    }

    private Map<String, Object> map(int indent) {
        Map<String, Object> map = new LinkedHashMap<>();
        while (isAt(indent) && !lines.element().text().startsWith("- ")) {
            Matcher pair = PAIR.matcher(lines.element().text());
            if (!pair.matches()) {
                throw wrong("a name with a value");
            }
            lines.remove();
            String name = new Scalar(pair.group(1)).text();
            Object value = pair.group(2) == null ? nested(indent) : scalar(pair.group(2));
            if (map.put(name, value) != null) {
                throw new IllegalArgumentException("found twice: " + name);
            }
        }
        return map;
    }

    private Object nested(int indent) {
        Line next = lines.peek();
        if (next == null || next.indent() <= indent) {
            throw wrong("a value that is indented by more than " + indent);
        }
        return block(next.indent());
    }

    private boolean isAt(int indent) {
        Line next = lines.peek();
        if (next != null && next.indent() > indent) {
            throw wrong("a line indented by " + indent);
        }
        return next != null && next.indent() == indent;
    }

    private Object scalar(String text) {
        return switch (text) {
            case "{}" -> Map.of();
            case "[]" -> List.of();
            default -> {
                if (!QUOTED.matcher(text).matches() && !PLAIN.matcher(text).matches()) {
                    throw new IllegalArgumentException(
                            "found %s, expected a scalar".formatted(text));
                }
                yield new Scalar(text);
            }
        };
    }

    /// The text of a value.
    static String write(Object value) {
        StringBuilder text = new StringBuilder();
        write(value, 0, text);
        return text.toString().stripTrailing();
    }

    private static void write(Object value, int indent, StringBuilder text) {
        String before = " ".repeat(indent);
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, inner) -> {
                text.append(before).append(name).append(":");
                writeInner(inner, indent, text);
            });
        } else if (value instanceof List<?> list) {
            for (Object element : list) {
                StringBuilder inner = new StringBuilder();
                write(element, indent + 2, inner);
                text.append(before).append("- ").append(inner.toString().stripLeading());
            }
        } else if (value instanceof Scalar scalar) {
            text.append(before).append(scalar.raw()).append("\n");
        }
    }

    private static void writeInner(Object inner, int indent, StringBuilder text) {
        if (inner instanceof Scalar scalar) {
            text.append(" ").append(scalar.raw()).append("\n");
        } else if (inner instanceof Map<?, ?> map && map.isEmpty()) {
            text.append(" {}\n");
        } else if (inner instanceof List<?> list && list.isEmpty()) {
            text.append(" []\n");
        } else {
            text.append("\n");
            write(inner, indent + 2, text);
        }
    }
}
