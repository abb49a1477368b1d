package autark.text.template;

import autark.text.template.Value.Bool;
import autark.text.template.Value.Int;
import autark.text.template.Value.Real;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// Arithmetic with Python's rules: `/` gives a float, `//` and `%` round towards minus infinity,
/// true counts as 1. Whole numbers have 64 bits; what does not fit is an error.
final class Numbers {
    /// No finite float has digits beyond that.
    private static final int MAX_ROUND_DIGITS = 400;

    private Numbers() {}

    static boolean isNumber(Value value) {
        return value instanceof Int || value instanceof Real || value instanceof Bool;
    }

    /// The whole number that a value is, truth values included; another value as it is.
    static Value whole(Value value) {
        return value instanceof Bool bool ? new Int(bool == Bool.TRUE ? 1 : 0) : value;
    }

    static double real(Value number) {
        return whole(number) instanceof Int(long value) ? value : ((Real) number).value();
    }

    static Value signed(Operators.Arithmetic sign, Value value) {
        Operators.requireDefined(value);
        if (!isNumber(value)) {
            throw TemplateException.render(
                    "'" + sign.sign() + "' expects a number, found " + value.typeName());
        }
        if (whole(value) instanceof Int(long number)) {
            return sign == Operators.Arithmetic.ADD ? new Int(number) : negated(number);
        }
        return sign == Operators.Arithmetic.ADD ? value : new Real(-real(value));
    }

    private static Int negated(long number) {
        try {
            return new Int(Math.negateExact(number));
        } catch (ArithmeticException e) {
            throw overflow();
        }
    }

    static Value arithmetic(Operators.Arithmetic operator, Value left, Value right) {
        if (whole(left) instanceof Int(long a)
                && whole(right) instanceof Int(long b)
                && operator != Operators.Arithmetic.DIVIDE
                && !(operator == Operators.Arithmetic.POWER && b < 0)) {
            try {
                return new Int(exact(operator, a, b));
            } catch (ArithmeticException e) {
                throw overflow();
            }
        }
        return new Real(approximate(operator, real(left), real(right)));
    }

    private static long exact(Operators.Arithmetic operator, long a, long b) {
        return switch (operator) {
            case ADD -> Math.addExact(a, b);
            case SUBTRACT -> Math.subtractExact(a, b);
            case MULTIPLY -> Math.multiplyExact(a, b);
            case FLOOR_DIVIDE -> Math.floorDivExact(a, notZero(b));
            case REMAINDER -> Math.floorMod(a, notZero(b));
            case POWER -> Math.powExact(a, (int) Math.min(b, Integer.MAX_VALUE));
            case DIVIDE -> throw new AssertionError("division gives a float");
        };
    }

    private static double approximate(Operators.Arithmetic operator, double a, double b) {
        return switch (operator) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / notZero(b);
            case FLOOR_DIVIDE -> floorDivide(a, notZero(b));
            case REMAINDER -> floorRemainder(a, notZero(b));
            case POWER -> Math.pow(a, b);
        };
    }

    /// The exact remainder decides, as in Python: the rounded quotient may be one too large.
    private static double floorDivide(double a, double b) {
        return Math.rint((a - floorRemainder(a, b)) / b);
    }

    private static double floorRemainder(double a, double b) {
        double remainder = a % b;
        if (remainder == 0) {
            return Math.copySign(0.0, b);
        }
        return (remainder < 0) == (b < 0) ? remainder : remainder + b;
    }

    private static long notZero(long divisor) {
        if (divisor == 0) {
            throw TemplateException.render("division by zero");
        }
        return divisor;
    }

    private static double notZero(double divisor) {
        if (divisor == 0) {
            throw TemplateException.render("division by zero");
        }
        return divisor;
    }

    private static TemplateException overflow() {
        return TemplateException.render("whole numbers have 64 bits, the result does not fit");
    }

    /// Order of two numbers; NaN is equal to none, not even to itself.
    static int compare(Value left, Value right) {
        if (whole(left) instanceof Int(long a) && whole(right) instanceof Int(long b)) {
            return Long.compare(a, b);
        }
        double a = real(left);
        double b = real(right);
        boolean finite = Double.isFinite(a) && Double.isFinite(b);
        if (!finite || (left instanceof Real && right instanceof Real)) {
            return a == b ? 0 : a < b ? -1 : 1;
        }
        return decimal(left).compareTo(decimal(right));
    }

    /// The exact value of a finite number.
    static BigDecimal decimal(Value number) {
        return whole(number) instanceof Int(long value)
                ? BigDecimal.valueOf(value)
                : new BigDecimal(real(number));
    }

    /// Rounds to `precision` decimals; `common` takes the even neighbour of a tie, `ceil` and
    /// `floor` give a float always.
    static Value round(Value number, int precision, String method) {
        boolean finite = Double.isFinite(real(number));
        return switch (method) {
            case "common" -> {
                if (whole(number) instanceof Int whole && precision >= 0) {
                    yield whole;
                }
                if (!finite) {
                    yield number;
                }
                int scale = Math.clamp(precision, -MAX_ROUND_DIGITS, MAX_ROUND_DIGITS);
                BigDecimal rounded = decimal(number).setScale(scale, RoundingMode.HALF_EVEN);
                yield number instanceof Real
                        ? new Real(Math.copySign(rounded.doubleValue(), real(number)))
                        : new Int(rounded.longValue());
            }
            case "ceil", "floor" -> {
                double factor = Math.pow(10, precision);
                double scaled = real(number) * factor;
                double moved = method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled);
                // Python rounds to a whole number, which has no negative zero.
                yield new Real(moved / factor + 0.0);
            }
            default ->
                    throw TemplateException.render(
                            "round knows 'common', 'ceil' and 'floor', found '" + method + "'");
        };
    }
}
