package autark.text.template;

import autark.text.template.Value.Int;
import autark.text.template.Value.Real;
import autark.text.template.Value.Str;
import java.util.Locale;

/// How one value is written into a format, by `%` or by `format`.
///
/// @param fill what fills the width
/// @param align `<`, `>`, `^`, `=` (between sign and digits), or 0 for what suits the value
/// @param sign `+`, `-` or a blank: what stands before a number that is not negative
/// @param alternate the flag `#`
/// @param grouping `,`, `_` or 0: what stands between groups of three digits
/// @param precision digits after the point or characters, or [#NO_PRECISION]
/// @param type the letter, or 0 for what suits the value
record FormatSpec(
        char fill,
        char align,
        char sign,
        boolean alternate,
        int width,
        char grouping,
        int precision,
        char type) {
    static final int NO_PRECISION = -1;

    /// The most digits that a precision may ask for.
    static final int MAX_PRECISION = 1000;

    private static final int DEFAULT_PRECISION = 6;

    FormatSpec {
        if (precision > MAX_PRECISION) {
            throw Limits.exceeded("a precision may be " + MAX_PRECISION + ", found " + precision);
        }
    }

    /// Writes the text of a value, or a number in the form of the type.
    void write(Value value, TextBuilder out, Rendering rendering) {
        boolean number = Numbers.isNumber(value) && (type != 0 || !(value instanceof Value.Bool));
        if (type == 's' || (type == 0 && !number)) {
            text(PythonText.of(value, rendering), out);
        } else if (!number) {
            Operators.requireDefined(value);
            throw TemplateException.render(
                    "format '" + type + "' expects a number, found " + value.typeName());
        } else if (Numbers.whole(value) instanceof Int(long whole) && isInteger()) {
            integer(whole, out);
        } else {
            real(Numbers.real(value), value, out);
        }
    }

    private boolean isInteger() {
        return type == 0 || "dioubxXnc".indexOf(type) >= 0;
    }

    /// Writes a text, cut to the precision.
    void text(String text, TextBuilder out) {
        int length = text.codePointCount(0, text.length());
        boolean cuts = precision != NO_PRECISION && precision < length;
        String shown = cuts ? text.substring(0, text.offsetByCodePoints(0, precision)) : text;
        padded("", shown, align == 0 ? '<' : align, out);
    }

    private void integer(long number, TextBuilder out) {
        if (type == 'c') {
            if (!Character.isValidCodePoint((int) number) || number != (int) number) {
                throw TemplateException.render("format 'c' expects a character, found " + number);
            }
            text(Character.toString((int) number), out);
            return;
        }
        String digits =
                switch (type) {
                    case 'x', 'X' -> digits(number, 16);
                    case 'o' -> digits(number, 8);
                    case 'b' -> digits(number, 2);
                    default -> digits(number, 10);
                };
        boolean radix = "xXob".indexOf(type) >= 0 && type != 0;
        String prefix = alternate && radix ? "0" + Character.toLowerCase(type) : "";
        String zeros = "0".repeat(Math.max(0, precision - digits.length()));
        number(number < 0, prefix, zeros + digits, out);
    }

    private static String digits(long number, int radix) {
        String digits = Long.toString(number, radix);
        return number < 0 ? digits.substring(1) : digits;
    }

    private void real(double number, Value value, TextBuilder out) {
        boolean negative = number < 0 || (number == 0 && 1 / number < 0);
        if (!Double.isFinite(number)) {
            number(negative, "", Double.isNaN(number) ? "nan" : "inf", out);
            return;
        }
        var exact = Numbers.decimal(value).abs();
        int digits = precision == NO_PRECISION ? DEFAULT_PRECISION : precision;
        String shown =
                switch (type) {
                    case 'f', 'F' -> DecimalText.fixed(exact, digits);
                    case 'e', 'E' -> DecimalText.scientific(exact, digits);
                    case 'g', 'G' -> DecimalText.general(exact, digits, alternate);
                    case '%' -> DecimalText.fixed(exact.movePointRight(2), digits) + "%";
                    case 'd', 'i', 'u' ->
                            DecimalText.fixed(new java.math.BigDecimal(exact.toBigInteger()), 0);
                    case 0 ->
                            precision == NO_PRECISION
                                    ? PythonText.real(Math.abs(number))
                                    : withPoint(DecimalText.general(exact, digits, false));
                    default ->
                            throw TemplateException.render(
                                    "format '" + type + "' does not suit a float");
                };
        number(negative, "", shown, out);
    }

    private static String withPoint(String digits) {
        return digits.indexOf('.') < 0 && digits.indexOf('e') < 0 ? digits + ".0" : digits;
    }

    private void number(boolean negative, String prefix, String digits, TextBuilder out) {
        String before = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
        String shown = grouping == 0 ? digits : grouped(digits);
        String all = prefix + shown;
        boolean upper = type != 0 && "XEFG".indexOf(type) >= 0;
        if (upper) {
            all = all.toUpperCase(Locale.ROOT);
        }
        padded(before, all, align == 0 ? '>' : align, out);
    }

    private String grouped(String digits) {
        int end = 0;
        while (end < digits.length() && Character.isDigit(digits.charAt(end))) {
            end++;
        }
        StringBuilder text = new StringBuilder(digits);
        for (int at = end - 3; at > 0; at -= 3) {
            text.insert(at, grouping);
        }
        return text.toString();
    }

    private void padded(String before, String text, char alignment, TextBuilder out) {
        int length = before.length() + text.codePointCount(0, text.length());
        int missing = Math.max(0, width - length);
        int left =
                switch (alignment) {
                    case '<' -> 0;
                    case '^' -> missing / 2;
                    default -> missing;
                };
        String filler = String.valueOf(fill);
        if (alignment == '=') {
            out.append(before).repeat(filler, missing).append(text);
        } else {
            out.repeat(filler, left).append(before).append(text).repeat(filler, missing - left);
        }
    }

    /// Whether a value is written as a text by a format without a type.
    static boolean isText(Value value) {
        return value instanceof Str || !(value instanceof Real || value instanceof Int);
    }
}
