package autark.text.template;

import autark.text.template.Value.Int;
import autark.text.template.Value.Real;
import autark.text.template.Value.Str;
import java.math.BigDecimal;
import java.math.BigInteger;
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

    /// Writes a number in the form of the type, or a text.
    void write(Value value, TextBuilder out) {
        if (Numbers.whole(value) instanceof Int(long whole) && isInteger()) {
            integer(BigInteger.valueOf(whole), out);
        } else if (value instanceof Real(double number) && isCut() && Double.isFinite(number)) {
            integer(Numbers.decimal(value).toBigInteger(), out);
        } else if (Numbers.isNumber(value) && type != 's') {
            real(Numbers.real(value), value, out);
        } else if (value instanceof Str str && (type == 0 || type == 's') && grouping == 0) {
            text(str.text(), out);
        } else {
            Operators.requireDefined(value);
            throw TemplateException.render(
                    "the format '"
                            + (type == 0 ? "s" : String.valueOf(type))
                            + "' does not suit a value of type "
                            + value.typeName());
        }
    }

    boolean isInteger() {
        return type == 0 || "dioubxXnc".indexOf(type) >= 0;
    }

    /// Writes a text, cut to the precision.
    void text(String text, TextBuilder out) {
        int length = text.codePointCount(0, text.length());
        boolean cuts = precision != NO_PRECISION && precision < length;
        String shown = cuts ? text.substring(0, text.offsetByCodePoints(0, precision)) : text;
        padded("", shown, align == 0 || align == '=' ? '<' : align, out);
    }

    /// Whether a float is written without what stands after its point.
    private boolean isCut() {
        return type != 0 && "diu".indexOf(type) >= 0;
    }

    private void integer(BigInteger number, TextBuilder out) {
        if (type == 'c') {
            text(character(number), out);
            return;
        }
        int radix =
                switch (type) {
                    case 'x', 'X' -> 16;
                    case 'o' -> 8;
                    case 'b' -> 2;
                    default -> 10;
                };
        String digits = number.abs().toString(radix);
        String prefix = alternate && radix != 10 ? "0" + Character.toLowerCase(type) : "";
        String zeros = "0".repeat(Math.max(0, precision - digits.length()));
        number(number.signum() < 0, prefix, zeros + digits, out);
    }

    private static String character(BigInteger number) {
        if (number.bitLength() > 31 || !Character.isValidCodePoint(number.intValue())) {
            throw TemplateException.render("the format 'c' expects a character, found " + number);
        }
        return Character.toString(number.intValue());
    }

    private void real(double number, Value value, TextBuilder out) {
        out.charge(Limits.STEPS_PER_FLOAT);
        boolean negative = number < 0 || (number == 0 && 1 / number < 0);
        if (!Double.isFinite(number)) {
            number(negative, "", Double.isNaN(number) ? "nan" : "inf", out);
            return;
        }
        BigDecimal exact = Numbers.decimal(value).abs();
        int digits = precision == NO_PRECISION ? DEFAULT_PRECISION : precision;
        String shown =
                switch (type) {
                    case 'f', 'F' -> DecimalText.fixed(exact, digits);
                    case 'e', 'E' -> DecimalText.scientific(exact, digits);
                    case 'g', 'G' -> DecimalText.general(exact, digits, alternate);
                    case '%' -> DecimalText.fixed(exact.movePointRight(2), digits) + "%";
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
}
