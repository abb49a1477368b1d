package autark.text.schema;

import autark.text.grammar.GrammarException;
import java.util.ArrayList;
import java.util.List;

/// Counts of items or members that meet a goal, all in one number: eight bits a count. A count that
/// only has to be reached stands still there, so that states are as few as can be.
///
/// @param bounds the counts, in order
record Counters(List<Bounds> bounds) {
    private static final int BITS = 8;
    private static final int MASK = (1 << BITS) - 1;

    /// @param goal what is counted
    record Bounds(Goal goal, int min, int max) {}

    Counters {
        bounds = List.copyOf(bounds);
        if (bounds.size() > Limits.COUNTERS) {
            throw new GrammarException(
                    ("%d counts ('contains', or a negation that asks that something exists) meet in"
                                    + " one value, the limit is %d")
                            .formatted(bounds.size(), Limits.COUNTERS));
        }
        for (Bounds bound : bounds) {
            boolean endless = bound.max() == Integer.MAX_VALUE;
            if (bound.min() >= MASK || !endless && bound.max() >= MASK) {
                throw new GrammarException(
                        "a count of %d ('minContains', 'maxContains' or a negation), the limit is %d"
                                .formatted(endless ? bound.min() : bound.max(), MASK - 1));
            }
        }
    }

    boolean isEmpty() {
        return bounds.isEmpty();
    }

    int count(long counts, int counter) {
        return (int) (counts >> counter * BITS) & MASK;
    }

    /// The counts after one more item, or -1 if a maximum is broken.
    long after(long counts, int counted) {
        long after = counts;
        for (int i = 0; i < bounds.size(); i++) {
            if ((counted >> i & 1) != 0) {
                Bounds bound = bounds.get(i);
                int count = count(counts, i);
                if (bound.max() != Integer.MAX_VALUE && count >= bound.max()) {
                    return -1;
                }
                if (bound.max() != Integer.MAX_VALUE || count < bound.min()) {
                    after += 1L << i * BITS;
                }
            }
        }
        return after;
    }

    boolean satisfied(long counts) {
        for (int i = 0; i < bounds.size(); i++) {
            if (count(counts, i) < bounds.get(i).min()) {
                return false;
            }
        }
        return true;
    }

    /// The ways to write a value under some of the counters. A count that only has to be reached
    /// needs no proof that others do not count, and one that only must not be passed needs none
    /// that they do.
    List<Choice> choices(Goals goals, Goal base, int counters) {
        List<Choice> choices = List.of(new Choice(base, 0));
        for (int i = 0; i < bounds.size(); i++) {
            if ((counters >> i & 1) != 0) {
                Bounds bound = bounds.get(i);
                List<Choice> more = new ArrayList<>();
                for (Choice choice : choices) {
                    Goal yes =
                            bound.min() == 0
                                    ? choice.goal()
                                    : goals.both(choice.goal(), bound.goal());
                    Goal no =
                            bound.max() == Integer.MAX_VALUE
                                    ? choice.goal()
                                    : goals.both(choice.goal(), goals.not(bound.goal()));
                    more.add(new Choice(yes, choice.counted() | 1 << i));
                    more.add(new Choice(no, choice.counted()));
                }
                choices = more;
            }
        }
        return choices.stream().filter(choice -> !choice.goal().isSurelyEmpty()).toList();
    }
}
