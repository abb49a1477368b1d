package autark.text.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The numbers of a range that are multiples of one number and not of some others.
///
/// An answer writes at most [Limits#INTEGER_DIGITS] digits before the point and
/// [Limits#FRACTION_DIGITS] after it, so that all that it can write are multiples of one tiny unit:
/// whether a piece holds such a number is a question about whole numbers in a range, and exact.
///
/// @param multiple of what the numbers are multiples, if of anything
/// @param notMultiples in ascending order
record NumberPiece(
        Edge low, Edge high, @Nullable BigDecimal multiple, List<BigDecimal> notMultiples) {
    static final NumberPiece ALL = new NumberPiece(Edge.NONE, Edge.NONE, null, List.of());
    static final NumberPiece INTEGERS =
            new NumberPiece(Edge.NONE, Edge.NONE, BigDecimal.ONE, List.of());

    private static final BigDecimal UNIT = BigDecimal.ONE.movePointLeft(Limits.FRACTION_DIGITS);

    private static final BigDecimal BEYOND = BigDecimal.ONE.movePointRight(Limits.INTEGER_DIGITS);
    private static final Edge SMALLEST = new Edge(BEYOND.negate(), true);
    private static final Edge LARGEST = new Edge(BEYOND, true);

    /// Among so many neighbours there is one that a handful of divisors leaves.
    private static final int NEIGHBOURS = 1_000;

    /// An end of a range.
    ///
    /// @param value nothing if the range has no end here
    /// @param open whether `value` itself is outside
    record Edge(@Nullable BigDecimal value, boolean open) {
        static final Edge NONE = new Edge(null, true);

        Edge opposite() {
            return new Edge(value, !open);
        }
    }

    static NumberPiece between(BigDecimal low, BigDecimal high) {
        return new NumberPiece(
                new Edge(plain(low), false), new Edge(plain(high), false), null, List.of());
    }

    static NumberPiece above(BigDecimal low, boolean open) {
        return new NumberPiece(new Edge(plain(low), open), Edge.NONE, null, List.of());
    }

    static NumberPiece below(BigDecimal high, boolean open) {
        return new NumberPiece(Edge.NONE, new Edge(plain(high), open), null, List.of());
    }

    static NumberPiece multiples(BigDecimal of) {
        return new NumberPiece(Edge.NONE, Edge.NONE, plain(of), List.of());
    }

    private static BigDecimal plain(BigDecimal value) {
        return value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    }

    NumberPiece and(NumberPiece other) {
        TreeSet<BigDecimal> not = new TreeSet<>(notMultiples);
        not.addAll(other.notMultiples);
        BigDecimal common =
                multiple == null
                        ? other.multiple
                        : other.multiple == null ? multiple : common(multiple, other.multiple);
        return new NumberPiece(
                inner(low, other.low, 1), inner(high, other.high, -1), common, List.copyOf(not));
    }

    private static Edge inner(Edge a, Edge b, int direction) {
        if (a.value() == null || b.value() == null) {
            return a.value() == null ? b : a;
        }
        int order = Integer.signum(a.value().compareTo(b.value())) * direction;
        return order == 0 ? new Edge(a.value(), a.open() || b.open()) : order > 0 ? a : b;
    }

    /// The least common multiple.
    private static BigDecimal common(BigDecimal a, BigDecimal b) {
        int scale = Math.max(0, Math.max(a.scale(), b.scale()));
        BigInteger x = a.setScale(scale).unscaledValue();
        BigInteger y = b.setScale(scale).unscaledValue();
        return plain(new BigDecimal(x.divide(x.gcd(y)).multiply(y), scale));
    }

    /// The numbers outside, as pieces.
    List<NumberPiece> not() {
        List<NumberPiece> outside = new ArrayList<>();
        if (low.value() != null) {
            outside.add(new NumberPiece(Edge.NONE, low.opposite(), null, List.of()));
        }
        if (high.value() != null) {
            outside.add(new NumberPiece(high.opposite(), Edge.NONE, null, List.of()));
        }
        if (multiple != null) {
            outside.add(new NumberPiece(low, high, null, List.of(multiple)));
        }
        for (BigDecimal divisor : notMultiples) {
            outside.add(new NumberPiece(low, high, divisor, List.of()));
        }
        outside.removeIf(NumberPiece::isEmpty);
        return outside;
    }

    boolean contains(BigDecimal value) {
        if (beyond(low, value, -1) || beyond(high, value, 1)) {
            return false;
        }
        if (multiple != null && !divides(multiple, value)) {
            return false;
        }
        for (BigDecimal divisor : notMultiples) {
            if (divides(divisor, value)) {
                return false;
            }
        }
        return true;
    }

    private static boolean beyond(Edge edge, BigDecimal value, int direction) {
        if (edge.value() == null) {
            return false;
        }
        int order = Integer.signum(value.compareTo(edge.value())) * direction;
        return order > 0 || order == 0 && edge.open();
    }

    private static boolean divides(BigDecimal divisor, BigDecimal value) {
        return value.remainder(divisor).signum() == 0;
    }

    boolean isEmpty() {
        if (equals(ALL) || equals(INTEGERS)) {
            return false;
        }
        return first(unit(UNIT)).isEmpty();
    }

    /// Whether this range and all that lie farther from zero are beyond the ends of a set.
    boolean isBeyond(NumberSet set) {
        for (NumberPiece piece : set.pieces()) {
            boolean above =
                    low.value() != null
                            && low.value().signum() > 0
                            && piece.high.value() != null
                            && low.value().compareTo(piece.high.value()) > 0;
            boolean below =
                    high.value() != null
                            && high.value().signum() < 0
                            && piece.low.value() != null
                            && high.value().compareTo(piece.low.value()) < 0;
            if (!above && !below) {
                return false;
            }
        }
        return true;
    }

    /// Whether more numbers belong than any array asks for: with few divisors that are forbidden,
    /// at least one multiple among so many neighbours does.
    boolean isMany() {
        BigDecimal unit = unit(UNIT);
        BigInteger least = least(inner(low, SMALLEST, 1), unit);
        BigInteger most = most(inner(high, LARGEST, -1), unit);
        BigInteger enough = BigInteger.valueOf((long) NEIGHBOURS * Limits.REQUIRED_PARTS);
        return most.subtract(least).compareTo(enough) > 0 && !isEmpty();
    }

    /// A number with few digits after the point.
    Optional<BigDecimal> plainest() {
        for (int digits : new int[] {0, 1, 2, 4, 8, Limits.FRACTION_DIGITS}) {
            Optional<BigDecimal> found = first(unit(BigDecimal.ONE.movePointLeft(digits)));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private BigDecimal unit(BigDecimal grid) {
        return multiple == null ? grid : common(multiple, grid);
    }

    /// A multiple of `unit` that belongs, near zero or else near the end that is nearer to zero.
    private Optional<BigDecimal> first(BigDecimal unit) {
        BigInteger least = least(inner(low, SMALLEST, 1), unit);
        BigInteger most = most(inner(high, LARGEST, -1), unit);
        if (least.compareTo(most) > 0) {
            return Optional.empty();
        }
        BigInteger start = BigInteger.ZERO.max(least).min(most);
        for (int step = 0; step <= (notMultiples.isEmpty() ? 0 : NEIGHBOURS); step++) {
            for (int sign : new int[] {1, -1}) {
                BigInteger factor = start.add(BigInteger.valueOf((long) sign * step));
                if (factor.compareTo(least) >= 0 && factor.compareTo(most) <= 0) {
                    BigDecimal value = plain(unit.multiply(new BigDecimal(factor)));
                    if (contains(value)) {
                        return Optional.of(value);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static BigInteger least(Edge edge, BigDecimal unit) {
        BigDecimal value = edge.value() == null ? BigDecimal.ZERO : edge.value();
        BigInteger factor = value.divide(unit, 0, RoundingMode.CEILING).toBigInteger();
        boolean outside =
                edge.open() && unit.multiply(new BigDecimal(factor)).compareTo(value) == 0;
        return outside ? factor.add(BigInteger.ONE) : factor;
    }

    private static BigInteger most(Edge edge, BigDecimal unit) {
        BigDecimal value = edge.value() == null ? BigDecimal.ZERO : edge.value();
        BigInteger factor = value.divide(unit, 0, RoundingMode.FLOOR).toBigInteger();
        boolean outside =
                edge.open() && unit.multiply(new BigDecimal(factor)).compareTo(value) == 0;
        return outside ? factor.subtract(BigInteger.ONE) : factor;
    }
}
