package autark.text.template;

import autark.text.template.Value.Bool;
import autark.text.template.Value.Dict;
import autark.text.template.Value.Int;
import autark.text.template.Value.None;
import autark.text.template.Value.Real;
import autark.text.template.Value.Sequence;
import autark.text.template.Value.Str;
import java.util.List;

/// Writes JSON as Python's `json.dumps` does, blanks included: models were trained on `{"a": 1,
/// "b": [2]}`, and `{"a":1,"b":[2]}` is another prompt.
final class Json {
    private final Rendering rendering;
    private final TextBuilder text;
    private final boolean asciiOnly;
    private final boolean sortsKeys;

    /// What a level is indented by; unused when all stands on one line.
    private final String indent;

    private final boolean multiLine;
    private final String itemSeparator;
    private final String keySeparator;

    private Json(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound =
                arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
        this.rendering = rendering;
        text = new TextBuilder(rendering);
        asciiOnly = bound.truth(0, false);
        sortsKeys = bound.truth(3, false);
        Value wanted = bound.or(1, None.NONE);
        multiLine = wanted != None.NONE;
        indent =
                wanted instanceof Str str
                        ? str.text()
                        : new TextBuilder(rendering).repeat(" ", bound.count(1, 0)).toString();
        Value separators = bound.or(2, None.NONE);
        if (separators == None.NONE) {
            itemSeparator = multiLine ? "," : ", ";
            keySeparator = ": ";
        } else {
            List<String> pair =
                    TextFilters.texts(Operators.iterate(separators, rendering), rendering);
            if (pair.size() != 2) {
                throw TemplateException.render(
                        "tojson expects two separators, found " + pair.size());
            }
            itemSeparator = pair.getFirst();
            keySeparator = pair.getLast();
        }
    }

    /// The filter `tojson`.
    static Str write(Value value, Arguments arguments, Rendering rendering) {
        Json json = new Json(arguments, rendering);
        json.value(value, 0);
        return json.text.toStr();
    }

    private void value(Value value, int level) {
        rendering.charge(1);
        if (value instanceof Str str) {
            quote(str.text());
        } else if (value instanceof Dict dict) {
            object(dict, level);
        } else if (value instanceof Sequence sequence && isArray(sequence)) {
            array(sequence, level);
        } else {
            text.append(scalar(value));
        }
    }

    private static boolean isArray(Sequence sequence) {
        return sequence.kind() == Sequence.Kind.LIST || sequence.kind() == Sequence.Kind.TUPLE;
    }

    private static String scalar(Value value) {
        if (value instanceof Int(long number)) {
            return Long.toString(number);
        }
        if (value instanceof Bool) {
            return value == Bool.TRUE ? "true" : "false";
        }
        if (value == None.NONE) {
            return "null";
        }
        if (value instanceof Real(double number)) {
            if (Double.isNaN(number)) {
                return "NaN";
            }
            return Double.isInfinite(number)
                    ? (number > 0 ? "Infinity" : "-Infinity")
                    : PythonText.real(number);
        }
        throw TemplateException.render(
                "tojson cannot write a value of type "
                        + value.typeName()
                        + "; make it a list or a dict first");
    }

    private void array(Sequence sequence, int level) {
        if (sequence.items().isEmpty()) {
            text.append("[]");
            return;
        }
        text.append('[');
        String separator = "";
        for (Value item : sequence.items()) {
            text.append(separator);
            newLine(level + 1);
            value(item, level + 1);
            separator = itemSeparator;
        }
        newLine(level);
        text.append(']');
    }

    private void object(Dict dict, int level) {
        if (dict.entries().isEmpty()) {
            text.append("{}");
            return;
        }
        text.append('{');
        String separator = "";
        for (Value item : sortsKeys ? sorted(dict) : dict.items()) {
            List<Value> pair = ((Sequence) item).items();
            text.append(separator);
            newLine(level + 1);
            Value key = pair.getFirst();
            quote(key instanceof Str str ? str.text() : scalar(key));
            text.append(keySeparator);
            value(pair.getLast(), level + 1);
            separator = itemSeparator;
        }
        newLine(level);
        text.append('}');
    }

    private List<Value> sorted(Dict dict) {
        AttributePath key = new AttributePath(new Int(0));
        return new Sorting(List.of(key), true, false).sorted(dict.items(), rendering);
    }

    private void newLine(int level) {
        if (multiLine) {
            text.append('\n').repeat(indent, level);
        }
    }

    private void quote(String body) {
        rendering.chargeScan(body);
        text.append('"');
        int plainFrom = 0;
        for (int i = 0; i < body.length(); i++) {
            char character = body.charAt(i);
            boolean plain =
                    character >= ' '
                            && character != '"'
                            && character != '\\'
                            && !(asciiOnly && character > '~');
            if (!plain) {
                text.append(body, plainFrom, i).append(escaped(character));
                plainFrom = i + 1;
            }
        }
        text.append(body, plainFrom, body.length()).append('"');
    }

    private static String escaped(char character) {
        return switch (character) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\f' -> "\\f";
            case '\b' -> "\\b";
            default -> {
                String digits = Integer.toHexString(character);
                yield "\\u" + "0".repeat(4 - digits.length()) + digits;
            }
        };
    }
}
