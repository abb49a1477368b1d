package autark.text.call;

import autark.text.call.Parameter.Kind;
import autark.text.template.JsonText;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes a JSON object of parameters that stand between tags. It ends where no further one begins.
final class ParameterReader implements ArgumentsReader {
    private final Map<String, Kind> kinds = new HashMap<>();
    private boolean begun;
    private boolean ended;

    /// That of the parameter whose value is written.
    private @Nullable Kind kind;

    ParameterReader(List<Parameter> parameters) {
        parameters.forEach(parameter -> kinds.put(parameter.name(), parameter.kind()));
    }

    @Override
    public void read(StringBuilder text, StringBuilder json) {
        boolean more = true;
        while (more && !ended && !text.isEmpty()) {
            more = kind == null ? betweenParameters(text, json) : insideValue(kind, text, json);
        }
    }

    /// Reads the tag that begins a parameter. Returns whether there is more to read.
    private boolean betweenParameters(StringBuilder text, StringBuilder json) {
        if (text.length() < Parameter.OPEN.length() && Parameter.OPEN.startsWith(text.toString())) {
            return false;
        }
        if (!text.substring(0, Math.min(text.length(), Parameter.OPEN.length()))
                .equals(Parameter.OPEN)) {
            json.append(begun ? "}" : "{}");
            ended = true;
            return false;
        }
        int end = text.indexOf(Parameter.OPENED);
        if (end < 0) {
            return false;
        }
        String name = text.substring(Parameter.OPEN.length(), end);
        text.delete(0, end + Parameter.OPENED.length());
        kind = kinds.getOrDefault(name, Kind.EITHER);
        json.append(begun ? ", " : "{").append('"');
        appendEscaped(json, name);
        json.append(kind == Kind.TEXT ? "\": \"" : "\": ");
        begun = true;
        return true;
    }

    private boolean insideValue(Kind of, StringBuilder text, StringBuilder json) {
        int end = text.indexOf(Parameter.CLOSE);
        boolean whole = end >= 0;
        int length = whole ? end : of == Kind.EITHER ? 0 : text.length() - undecided(text);
        String value = text.substring(0, length);
        text.delete(0, whole ? end + Parameter.CLOSE.length() : length);
        switch (of) {
            case TEXT -> {
                appendEscaped(json, value);
                json.append(whole ? "\"" : "");
            }
            case JSON -> json.append(value);
            case EITHER -> {
                if (whole && JsonText.isValue(value)) {
                    json.append(value);
                } else if (whole) {
                    json.append('"');
                    appendEscaped(json, value);
                    json.append('"');
                }
            }
        }
        kind = whole ? null : of;
        return whole;
    }

    /// How many characters at the end may be the start of the closing tag.
    private static int undecided(StringBuilder text) {
        int count = Math.min(Parameter.CLOSE.length() - 1, text.length());
        while (!Parameter.CLOSE.startsWith(text.substring(text.length() - count))) {
            count--;
        }
        return count;
    }

    private static void appendEscaped(StringBuilder json, String text) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            switch (unit) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\t' -> json.append("\\t");
                case '\r' -> json.append("\\r");
                default -> {
                    if (unit < ' ') {
                        json.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                    } else {
                        json.append(unit);
                    }
                }
            }
        }
    }

    @Override
    public boolean ended() {
        return ended;
    }
}
