package autark.text.template;

import autark.text.template.Value.Bool;
import autark.text.template.Value.Dict;
import autark.text.template.Value.Int;
import autark.text.template.Value.None;
import autark.text.template.Value.Real;
import autark.text.template.Value.Sequence;
import autark.text.template.Value.Str;
import autark.text.template.Value.Undefined;
import java.math.BigDecimal;
import java.util.List;

/// The text of a value as Python's `str` and `repr` give it: `{{ [1.0, none, "a"] }}` prints `[1.0,
/// None, 'a']`.
final class PythonText {
    /// Powers of ten outside of which a float is written with an exponent.
    private static final int LEAST_PLAIN_EXPONENT = -4;

    private static final int LEAST_LARGE_EXPONENT = 16;

    private PythonText() {}

    /// Whether Python counts a character as white space.
    static boolean isSpace(int character) {
        return switch (character) {
            case '\t', '\n', 0x0b, '\f', '\r', 0x1c, 0x1d, 0x1e, 0x1f, ' ', 0x85, 0xa0 -> true;
            default -> character > 0xff && Character.isSpaceChar(character);
        };
    }

    /// The text that a value prints as.
    static String of(Value value, Rendering rendering) {
        if (value instanceof Str str) {
            return str.text();
        }
        TextBuilder text = new TextBuilder(rendering);
        print(value, text);
        return text.toString();
    }

    /// Appends the text that a value prints as.
    static void print(Value value, TextBuilder text) {
        if (value instanceof Str str) {
            text.append(str.text());
        } else if (!(value instanceof Undefined)) {
            represent(value, text);
        }
    }

    /// Appends the text of a value as it stands inside a printed list.
    static void represent(Value value, TextBuilder text) {
        if (value instanceof Str str) {
            quote(str, text);
        } else if (value instanceof Int(long number)) {
            text.append(Long.toString(number));
        } else if (value instanceof Bool) {
            text.append(value == Bool.TRUE ? "True" : "False");
        } else if (value == None.NONE) {
            text.append("None");
        } else if (value instanceof Real(double number)) {
            text.charge(Limits.STEPS_PER_FLOAT);
            text.append(real(number));
        } else if (value instanceof Sequence sequence) {
            represent(sequence, text);
        } else if (value instanceof Dict dict) {
            represent(dict, text);
        } else if (value instanceof Undefined) {
            text.append("Undefined");
        } else {
            throw TemplateException.render(
                    "a value of type "
                            + value.typeName()
                            + " has no text; was it meant to be called or listed?");
        }
    }

    private static void represent(Sequence sequence, TextBuilder text) {
        switch (sequence.kind()) {
            case LIST -> items("[", sequence.items(), "]", text);
            case TUPLE ->
                    items("(", sequence.items(), sequence.items().size() == 1 ? ",)" : ")", text);
            case KEYS, VALUES, ITEMS ->
                    items(sequence.typeName() + "([", sequence.items(), "])", text);
            case RANGE ->
                    throw TemplateException.render("a range has no text; make it a list first");
        }
    }

    private static void items(String open, List<Value> items, String close, TextBuilder text) {
        text.append(open);
        String separator = "";
        for (Value item : items) {
            text.append(separator);
            represent(item, text);
            separator = ", ";
        }
        text.append(close);
    }

    private static void represent(Dict dict, TextBuilder text) {
        text.append('{');
        String separator = "";
        for (Dict.Entry entry : dict.entries().values()) {
            text.append(separator);
            represent(entry.key(), text);
            text.append(": ");
            represent(entry.value(), text);
            separator = ", ";
        }
        text.append('}');
    }

    private static void quote(Str str, TextBuilder text) {
        String body = str.text();
        char quote = body.indexOf('\'') >= 0 && body.indexOf('"') < 0 ? '"' : '\'';
        text.chargeConversion(body);
        text.append(str.markup() ? "Markup(" : "").append(quote);
        int plainFrom = 0;
        for (int i = 0; i < body.length(); i = body.offsetByCodePoints(i, 1)) {
            int character = body.codePointAt(i);
            if (character == quote || character == '\\' || !isPrintable(character)) {
                text.charge(1);
                text.append(body, plainFrom, i).append(escaped(character));
                plainFrom = body.offsetByCodePoints(i, 1);
            }
        }
        text.append(body, plainFrom, body.length());
        text.append(quote).append(str.markup() ? ")" : "");
    }

    private static String escaped(int character) {
        return switch (character) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\\', '\'', '"' -> "\\" + (char) character;
            default -> {
                String digits = Integer.toHexString(character);
                int width = character <= 0xff ? 2 : character <= 0xffff ? 4 : 8;
                char letter = width == 2 ? 'x' : width == 4 ? 'u' : 'U';
                yield "\\" + letter + "0".repeat(width - digits.length()) + digits;
            }
        };
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            case Character.SPACE_SEPARATOR -> character == ' ';
            default -> true;
        };
    }

    /// The shortest text that reads back as the same float.
    static String real(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent < LEAST_PLAIN_EXPONENT || exponent >= LEAST_LARGE_EXPONENT) {
            return scientific(decimal, exponent);
        }
        String plain = decimal.toPlainString();
        return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }

    private static String scientific(BigDecimal decimal, int exponent) {
        String digits = decimal.unscaledValue().abs().toString();
        String mantissa =
                digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return (decimal.signum() < 0 ? "-" : "") + mantissa + exponentText(exponent);
    }

    /// An exponent of at least two digits with its sign: `e-05`.
    static String exponentText(int exponent) {
        String digits = Integer.toString(Math.abs(exponent));
        return (exponent < 0 ? "e-" : "e+") + (digits.length() < 2 ? "0" : "") + digits;
    }
}
