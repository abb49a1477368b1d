package autark.text.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// Sets of numbers (validation 2020-12, section 6.2).
final class NumberAlgebra implements Algebra<NumberSet> {
    private static final BigDecimal BEYOND = BigDecimal.ONE.movePointRight(Limits.INTEGER_DIGITS);

    @Override
    public NumberSet all() {
        return NumberSet.ALL;
    }

    @Override
    public NumberSet none() {
        return NumberSet.NONE;
    }

    @Override
    public NumberSet and(NumberSet a, NumberSet b) {
        return a.and(b);
    }

    @Override
    public NumberSet or(NumberSet a, NumberSet b) {
        return a.or(b);
    }

    @Override
    public NumberSet not(NumberSet set) {
        return set.not();
    }

    @Override
    public NumberSet own(Node node) {
        if (!Types.allows(node, "number") && !Types.allows(node, "integer")) {
            return NumberSet.NONE;
        }
        NumberPiece piece = Types.allows(node, "number") ? NumberPiece.ALL : NumberPiece.INTEGERS;
        for (String keyword : List.of("minimum", "exclusiveMinimum")) {
            if (node.has(keyword)) {
                BigDecimal low = bound(node, keyword, 1);
                piece = piece.and(NumberPiece.above(low, keyword.startsWith("exclusive")));
            }
        }
        for (String keyword : List.of("maximum", "exclusiveMaximum")) {
            if (node.has(keyword)) {
                BigDecimal high = bound(node, keyword, -1);
                piece = piece.and(NumberPiece.below(high, keyword.startsWith("exclusive")));
            }
        }
        if (node.has("multipleOf")) {
            BigDecimal divisor = node.number("multipleOf").orElseThrow();
            if (divisor.signum() <= 0) {
                throw node.error("multipleOf", "expects a number above 0");
            }
            check(node, "multipleOf", divisor);
            piece = piece.and(NumberPiece.multiples(divisor));
        }
        return NumberSet.of(piece);
    }

    /// A bound. One that leaves only numbers with more digits than are written is refused; one that
    /// lies out there on the harmless side is not.
    private static BigDecimal bound(Node node, String keyword, int direction) {
        BigDecimal value = node.number(keyword).orElseThrow();
        boolean harmless = value.signum() * direction < 0;
        check(node, keyword, harmless && value.abs().compareTo(BEYOND) > 0 ? BEYOND : value);
        return value;
    }

    private static void check(Node node, String keyword, BigDecimal value) {
        if (value.abs().compareTo(BEYOND) > 0
                || value.stripTrailingZeros().scale() > Limits.FRACTION_DIGITS) {
            throw node.error(
                    keyword,
                    "has more digits than are written: %d before the point, %d after it"
                            .formatted(Limits.INTEGER_DIGITS, Limits.FRACTION_DIGITS));
        }
    }

    /// Whether an answer can write a number.
    static boolean isWritable(BigDecimal value) {
        return value.abs().compareTo(BEYOND) < 0
                && value.stripTrailingZeros().scale() <= Limits.FRACTION_DIGITS;
    }

    @Override
    public NumberSet among(List<Json> values) {
        List<NumberPiece> pieces = new ArrayList<>();
        for (Json value : values) {
            if (value instanceof Json.Numeral(BigDecimal number)) {
                pieces.add(NumberPiece.between(number, number));
            }
        }
        return new NumberSet(pieces.stream().distinct().toList());
    }
}
