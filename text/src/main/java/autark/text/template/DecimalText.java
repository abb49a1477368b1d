package autark.text.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// The digits of a number in the forms `f`, `e` and `g` of C and Python. Numbers are not negative;
/// ties go to the even digit of the exact value.
final class DecimalText {
    private static final int LEAST_PLAIN_EXPONENT = -4;

    private DecimalText() {}

    /// `precision` digits after the point.
    static String fixed(BigDecimal number, int precision) {
        return number.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    }

    /// One digit before the point and `precision` after it, then the exponent.
    static String scientific(BigDecimal number, int precision) {
        BigDecimal rounded = rounded(number, precision + 1);
        String digits = digits(rounded, precision + 1);
        String point = precision == 0 ? "" : ".";
        return digits.charAt(0) + point + digits.substring(1) + exponentText(exponent(rounded));
    }

    /// `precision` digits in all, in the shorter of the two forms, without zeros at the end unless
    /// `keepZeros`.
    static String general(BigDecimal number, int precision, boolean keepZeros) {
        int digits = Math.max(precision, 1);
        BigDecimal rounded = rounded(number, digits);
        int exponent = exponent(rounded);
        boolean plain = exponent >= LEAST_PLAIN_EXPONENT && exponent < digits;
        if (plain) {
            String text = fixed(rounded, digits - 1 - exponent);
            return keepZeros ? text : withoutZeros(text);
        }
        String text = scientific(rounded, digits - 1);
        int mark = text.indexOf('e');
        return keepZeros ? text : withoutZeros(text.substring(0, mark)) + text.substring(mark);
    }

    private static BigDecimal rounded(BigDecimal number, int digits) {
        return number.round(new MathContext(digits, RoundingMode.HALF_EVEN));
    }

    private static int exponent(BigDecimal number) {
        return number.signum() == 0 ? 0 : number.precision() - number.scale() - 1;
    }

    /// The digits from the first one that is not zero, filled up with zeros.
    private static String digits(BigDecimal number, int count) {
        String digits = number.unscaledValue().toString();
        return digits.length() >= count
                ? digits.substring(0, count)
                : digits + "0".repeat(count - digits.length());
    }

    private static String withoutZeros(String text) {
        if (text.indexOf('.') < 0) {
            return text;
        }
        String cut = Stripping.characters(text, "0", Stripping.Side.RIGHT);
        return cut.endsWith(".") ? cut.substring(0, cut.length() - 1) : cut;
    }

    /// An exponent of at least two digits with its sign: `e-05`.
    static String exponentText(int exponent) {
        String digits = Integer.toString(Math.abs(exponent));
        return (exponent < 0 ? "e-" : "e+") + (digits.length() < 2 ? "0" : "") + digits;
    }
}
