package autark.text.schema;

import java.math.BigDecimal;
import java.util.Optional;

/// How a number is written: which beginnings lead to a number of a set, and which are one.
///
/// Digits are bounded ([Limits#INTEGER_DIGITS], [Limits#FRACTION_DIGITS]). An exponent may follow
/// what could also go on without one; so a limit like `"maximum": 5` ends `12` at once, although
/// `12e-1` lies below it.
final class NumberText {
    private NumberText() {}

    /// Whether a text may go on to a number of the set. It has to be a beginning of a JSON number
    /// but for its last character, which is any.
    static boolean begins(NumberSet set, String text) {
        char last = text.charAt(text.length() - 1);
        int exponent = exponent(text);
        if (exponent >= 0) {
            return text.length() - exponent <= 5
                    && (exponent < text.length() - 1 || isWhole(text.substring(0, exponent)))
                    && exponents(set, text, exponent);
        }
        int digits = text.startsWith("-") ? 1 : 0;
        int point = text.indexOf('.');
        if (point >= 0) {
            return point > digits
                    && text.indexOf('.', point + 1) < 0
                    && (point == text.length() - 1 || isDigit(last))
                    && text.length() - point - 1 <= Limits.FRACTION_DIGITS
                    && meets(set, text);
        }
        if (text.length() == digits) {
            return meets(set, text);
        }
        boolean zeroFirst = text.charAt(digits) == '0' && text.length() > digits + 1;
        return isDigit(last)
                && !zeroFirst
                && text.length() - digits <= Limits.INTEGER_DIGITS
                && meets(set, text);
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static int exponent(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == 'e' || text.charAt(i) == 'E') {
                return i;
            }
        }
        return -1;
    }

    /// Whether a text is a number and not only the beginning of one.
    static boolean isWhole(String text) {
        return !text.isEmpty() && isDigit(text.charAt(text.length() - 1));
    }

    /// Whether a number is written so that belongs to the set.
    static boolean ends(NumberSet set, String text) {
        if (!isWhole(text)) {
            return false;
        }
        int exponent = exponent(text);
        if (set.isAll()) {
            return true;
        }
        return set.contains(exponent < 0 ? new BigDecimal(text) : value(text, exponent));
    }

    private static BigDecimal value(String text, int exponent) {
        String power = text.substring(exponent + 1);
        return new BigDecimal(text.substring(0, exponent))
                .scaleByPowerOfTen(Integer.parseInt(power));
    }

    /// Whether the exponent that is begun can be written to an end: all that it could be are tried.
    private static boolean exponents(NumberSet set, String text, int exponent) {
        String written = text.substring(exponent + 1);
        String digits =
                written.startsWith("+") || written.startsWith("-") ? written.substring(1) : written;
        for (int i = 0; i < digits.length(); i++) {
            if (!isDigit(digits.charAt(i))) {
                return false;
            }
        }
        if (digits.length() > 3 || digits.length() > 1 && digits.startsWith("0")) {
            return false;
        }
        BigDecimal mantissa = new BigDecimal(text.substring(0, exponent));
        for (int power = 0; power <= Limits.EXPONENT; power++) {
            if (Integer.toString(power).startsWith(digits)) {
                boolean up = !written.startsWith("-");
                boolean down =
                        !written.startsWith("+") && digits.isEmpty() || written.startsWith("-");
                if (up && set.contains(mantissa.scaleByPowerOfTen(power))
                        || down && set.contains(mantissa.scaleByPowerOfTen(-power))) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Whether digits may follow that make a number of the set.
    private static boolean meets(NumberSet set, String text) {
        if (set.isAll()) {
            return true;
        }
        int windows = windows(text);
        for (int more = 0; more < windows; more++) {
            NumberPiece window = window(text, more);
            if (set.meets(window)) {
                return true;
            }
            if (window.isBeyond(set)) {
                return false;
            }
        }
        return false;
    }

    /// In how many ways the number of digits before the point may grow.
    private static int windows(String text) {
        String digits = text.startsWith("-") ? text.substring(1) : text;
        boolean grows = !digits.isEmpty() && !digits.startsWith("0") && text.indexOf('.') < 0;
        return grows ? Limits.INTEGER_DIGITS - digits.length() + 1 : 1;
    }

    /// What may be written after a text, with so many more digits before the point.
    private static NumberPiece window(String text, int more) {
        boolean negative = text.startsWith("-");
        String digits = negative ? text.substring(1) : text;
        if (digits.isEmpty()) {
            return NumberPiece.below(BigDecimal.ZERO, false);
        }
        int point = digits.indexOf('.');
        int fraction = point < 0 ? 0 : digits.length() - point - 1;
        BigDecimal from =
                new BigDecimal(point == digits.length() - 1 ? digits.substring(0, point) : digits)
                        .scaleByPowerOfTen(more);
        BigDecimal to = from.add(BigDecimal.ONE.scaleByPowerOfTen(more - fraction));
        return negative
                ? NumberPiece.above(to.negate(), true).and(NumberPiece.below(from.negate(), false))
                : NumberPiece.above(from, false).and(NumberPiece.below(to, true));
    }

    /// A short text that makes a number of the set out of `text`.
    static String completion(NumberSet set, String text) {
        if (ends(set, text)) {
            return "";
        }
        int exponent = exponent(text);
        if (exponent >= 0) {
            return exponentCompletion(set, text);
        }
        int windows = windows(text);
        for (int more = 0; more < windows; more++) {
            Optional<BigDecimal> found = set.plainest(window(text, more));
            if (found.isPresent()) {
                return suffix(text, found.get());
            }
        }
        throw new IllegalStateException("no number begins with " + text);
    }

    private static String suffix(String text, BigDecimal value) {
        String plain = value.toPlainString();
        if (text.startsWith("-") && value.signum() == 0) {
            plain = "-" + plain;
        }
        int point = text.indexOf('.');
        if (point >= 0) {
            int wanted = Math.max(text.length() - point - 1, 1);
            BigDecimal scaled = value.scale() < wanted ? value.setScale(wanted) : value;
            plain = scaled.toPlainString();
            if (text.startsWith("-") && !plain.startsWith("-")) {
                plain = "-" + plain;
            }
        }
        assert plain.startsWith(text) : plain + " does not begin with " + text;
        return plain.substring(text.length());
    }

    private static String exponentCompletion(NumberSet set, String text) {
        for (int power = 0; power <= Limits.EXPONENT; power++) {
            for (String sign : new String[] {"", "-", "+"}) {
                String candidate = sign + power;
                String written = text.substring(exponent(text) + 1);
                if (candidate.startsWith(written)
                        && ends(set, text + candidate.substring(written.length()))) {
                    return candidate.substring(written.length());
                }
            }
        }
        throw new IllegalStateException("no exponent ends " + text);
    }

    /// The same text with the digits before an exponent made equal, zeros aside: sets that ask for
    /// no particular number need not remember them.
    static String faceless(String text) {
        int exponent = exponent(text);
        int end = exponent < 0 ? text.length() : exponent;
        StringBuilder faceless = new StringBuilder();
        for (int i = 0; i < end; i++) {
            char digit = text.charAt(i);
            faceless.append(digit >= '1' && digit <= '9' ? '1' : digit);
        }
        return faceless.append(text, end, text.length()).toString();
    }
}
