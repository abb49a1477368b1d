package autark.text.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// Sets of numbers (validation 2020-12, section 6.2).
final class NumberAlgebra implements Algebra<NumberSet> {
    private static final List<String> LOWER = List.of("minimum", "exclusiveMinimum");
    private static final List<String> UPPER = List.of("maximum", "exclusiveMaximum");
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
        for (String keyword : LOWER) {
            if (node.has(keyword)) {
                BigDecimal low = bound(node, keyword, 1);
                piece = piece.and(NumberPiece.above(low, keyword.startsWith("exclusive")));
            }
        }
        for (String keyword : UPPER) {
            if (node.has(keyword)) {
                BigDecimal high = bound(node, keyword, -1);
                piece = piece.and(NumberPiece.below(high, keyword.startsWith("exclusive")));
            }
        }
        return NumberSet.of(
                node.has("multipleOf") ? piece.and(NumberPiece.multiples(divisor(node))) : piece);
    }

    /// Refuses bounds and divisors that cannot be honoured.
    static void check(Node node) {
        for (String keyword : LOWER) {
            if (node.has(keyword)) {
                bound(node, keyword, 1);
            }
        }
        for (String keyword : UPPER) {
            if (node.has(keyword)) {
                bound(node, keyword, -1);
            }
        }
        if (node.has("multipleOf")) {
            divisor(node);
        }
    }

    private static BigDecimal divisor(Node node) {
        BigDecimal divisor = node.number("multipleOf").orElseThrow();
        if (divisor.signum() <= 0) {
            throw node.error("multipleOf", "expects a number above 0");
        }
        check(node, "multipleOf", divisor);
        return divisor;
    }

    /// A bound. One that leaves only numbers with more digits than are written is refused; one that
    /// lies out there on the harmless side is not.
    private static BigDecimal bound(Node node, String keyword, int direction) {
        BigDecimal value = node.number(keyword).orElseThrow();
        boolean harmless = value.signum() * direction < 0;
        check(
                node,
                keyword,
                harmless && value.abs().compareTo(BEYOND) >= 0 ? BigDecimal.ONE : value);
        return value;
    }

    /// Refuses a number that no answer can write.
    static void check(Node node, String keyword, BigDecimal value) {
        if (value.abs().compareTo(BEYOND) >= 0
                || value.stripTrailingZeros().scale() > Limits.FRACTION_DIGITS) {
            throw node.error(
                    keyword,
                    "has more digits than are written: %d before the point, %d after it"
                            .formatted(Limits.INTEGER_DIGITS, Limits.FRACTION_DIGITS));
        }
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
