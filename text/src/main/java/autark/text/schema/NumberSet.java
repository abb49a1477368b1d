package autark.text.schema;

import autark.text.grammar.GrammarException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A set of numbers: a union of pieces, exact in decimals.
record NumberSet(List<NumberPiece> pieces) {
    static final NumberSet ALL = new NumberSet(List.of(NumberPiece.ALL));
    static final NumberSet NONE = new NumberSet(List.of());

    NumberSet {
        if (pieces.size() > Limits.NUMBER_PIECES) {
            throw new GrammarException(
                    "a number is cut into %d ranges, the limit is %d"
                            .formatted(pieces.size(), Limits.NUMBER_PIECES));
        }
        pieces = List.copyOf(pieces);
    }

    static NumberSet of(NumberPiece piece) {
        return piece.isEmpty() ? NONE : new NumberSet(List.of(piece));
    }

    static NumberSet only(BigDecimal value) {
        return of(NumberPiece.between(value, value));
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    NumberSet and(NumberSet other) {
        if (pieces.equals(ALL.pieces)) {
            return other;
        }
        List<NumberPiece> both = new ArrayList<>();
        for (NumberPiece a : pieces) {
            for (NumberPiece b : other.pieces) {
                NumberPiece piece = a.and(b);
                if (!piece.isEmpty() && !both.contains(piece)) {
                    both.add(piece);
                }
            }
        }
        return new NumberSet(both);
    }

    NumberSet or(NumberSet other) {
        List<NumberPiece> all = new ArrayList<>(pieces);
        for (NumberPiece piece : other.pieces) {
            if (!all.contains(piece)) {
                all.add(piece);
            }
        }
        return all.contains(NumberPiece.ALL) ? ALL : new NumberSet(all);
    }

    NumberSet not() {
        NumberSet rest = ALL;
        for (NumberPiece piece : pieces) {
            rest = rest.and(new NumberSet(piece.not()));
        }
        return rest;
    }

    boolean contains(BigDecimal value) {
        for (NumberPiece piece : pieces) {
            if (piece.contains(value)) {
                return true;
            }
        }
        return false;
    }

    /// Whether every number belongs, so that digits need not be remembered.
    boolean isAll() {
        return pieces.size() == 1 && pieces.getFirst().equals(NumberPiece.ALL);
    }

    /// Whether every whole number belongs and no other.
    boolean isIntegers() {
        return pieces.size() == 1 && pieces.getFirst().equals(NumberPiece.INTEGERS);
    }

    /// A number with few digits that belongs and lies in `window`.
    Optional<BigDecimal> plainest(NumberPiece window) {
        Optional<BigDecimal> best = Optional.empty();
        for (NumberPiece piece : pieces) {
            Optional<BigDecimal> found = piece.and(window).plainest();
            if (found.isPresent() && (best.isEmpty() || length(found) < length(best))) {
                best = found;
            }
        }
        return best;
    }

    boolean meets(NumberPiece window) {
        for (NumberPiece piece : pieces) {
            if (!piece.and(window).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static int length(Optional<BigDecimal> value) {
        return value.map(number -> number.toPlainString().length()).orElse(Integer.MAX_VALUE);
    }

    /// Whether there are more numbers than any array asks for.
    boolean isMany() {
        for (NumberPiece piece : pieces) {
            if (piece.isMany()) {
                return true;
            }
        }
        return false;
    }

    /// All numbers, if there are at most `most` and they are found by a short search.
    Optional<List<BigDecimal>> list(int most) {
        List<BigDecimal> found = new ArrayList<>();
        for (NumberPiece piece : pieces) {
            NumberSet rest = of(piece);
            while (!rest.isEmpty()) {
                BigDecimal value = rest.plainest(NumberPiece.ALL).orElseThrow();
                if (!found.contains(value)) {
                    found.add(value);
                }
                if (found.size() > most) {
                    return Optional.empty();
                }
                rest = rest.and(only(value).not());
            }
        }
        return Optional.of(found);
    }
}
