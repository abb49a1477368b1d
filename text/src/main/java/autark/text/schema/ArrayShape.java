package autark.text.schema;

import autark.text.grammar.GrammarException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One alternative of an array, ready to be written: what may stand at each place, and whether the
/// array can still be brought to an end.
///
/// Places behind the last one that a rule tells apart are all alike, so that a long array has few
/// states.
final class ArrayShape {
    private final Goals goals;
    private final Set<ArrayRule> rules;
    private final Counters counters;
    private final int min;
    private final int max;
    private final boolean distinct;
    private final List<List<Choice>> places = new ArrayList<>();

    ArrayShape(Goals goals, Set<ArrayRule> rules) {
        this.goals = goals;
        this.rules = rules;
        int least = 0;
        int most = ArrayRule.ENDLESS;
        int horizon = 0;
        List<Counters.Bounds> bounds = new ArrayList<>();
        Node unique = null;
        for (ArrayRule rule : rules) {
            switch (rule) {
                case ArrayRule.Size size -> {
                    least = Math.max(least, size.min());
                    most = Math.min(most, size.max());
                }
                case ArrayRule.Every every ->
                        horizon = Math.max(horizon, horizon(every.from(), every.to()));
                case ArrayRule.Count count -> {
                    horizon = Math.max(horizon, horizon(count.from(), count.to()));
                    bounds.add(new Counters.Bounds(count.goal(), count.min(), count.max()));
                }
                case ArrayRule.Distinct(Node node) -> unique = node;
            }
        }
        if (unique != null && !bounds.isEmpty()) {
            throw unique.error(
                    "uniqueItems",
                    "together with 'contains' (or a negation that asks that an item exists) is not"
                            + " supported");
        }
        if (least > Limits.REQUIRED_PARTS) {
            throw new GrammarException(
                    "an array of %d items is required ('minItems', 'minContains'), the limit is %d"
                            .formatted(least, Limits.REQUIRED_PARTS));
        }
        if (unique != null && least > Limits.DISTINCT_PARTS) {
            throw unique.error(
                    "uniqueItems",
                    "together with %d required items is not supported, the limit is %d"
                            .formatted(least, Limits.DISTINCT_PARTS));
        }
        counters = new Counters(bounds);
        min = least;
        max = most;
        distinct = unique != null;
        for (int place = 0; place <= horizon; place++) {
            places.add(choicesAt(place));
        }
        goals.charge((long) places.size() * rules.size());
    }

    private static int horizon(int from, int to) {
        int last = to == ArrayRule.ENDLESS ? from : to;
        if (last > Limits.REQUIRED_PARTS) {
            throw new GrammarException(
                    "the items of an array differ up to place %d, the limit is %d"
                            .formatted(last, Limits.REQUIRED_PARTS));
        }
        return last;
    }

    private List<Choice> choicesAt(int place) {
        Goal base = goals.anything();
        int counted = 0;
        int counter = 0;
        for (ArrayRule rule : rules) {
            if (rule instanceof ArrayRule.Every(int from, int to, Goal goal)
                    && from <= place
                    && place < to) {
                base = goals.both(base, goal);
            } else if (rule instanceof ArrayRule.Count count) {
                if (count.from() <= place && place < count.to()) {
                    counted |= 1 << counter;
                }
                counter++;
            }
        }
        return counters.choices(goals, base, counted);
    }

    boolean isDistinct() {
        return distinct;
    }

    /// The goals that items may have to meet, for going on with the schemas inside.
    List<Goal> goals() {
        List<Goal> all = new ArrayList<>();
        for (List<Choice> place : places) {
            for (Choice choice : place) {
                all.add(choice.goal());
            }
        }
        return all;
    }

    /// The ways to write the item at a place.
    List<Choice> choices(int place) {
        return place >= max ? List.of() : places.get(Math.min(place, places.size() - 1));
    }

    /// The place after another one, as far as it makes a difference.
    int after(int place) {
        int end = Math.max(places.size() - 1, max == ArrayRule.ENDLESS ? min : max);
        return Math.min(place + 1, end);
    }

    long counted(long counts, Choice choice) {
        return counters.after(counts, choice.counted());
    }

    boolean canEnd(int place, long counts) {
        return place >= min && counters.satisfied(counts);
    }

    boolean canBegin(int levels) {
        return goesOn(0, 0, Set.of(), levels);
    }

    /// Whether the array can be brought to an end.
    ///
    /// @param items those before, where equal ones are forbidden
    /// @param levels how deep items may be
    boolean goesOn(int place, long counts, Set<Json> items, int levels) {
        return canEnd(place, counts) || plan(place, counts, items, levels).isPresent();
    }

    /// Whether values differ without end, as far as a short look tells.
    boolean isEndless(int levels, Predicate<Goal> endless) {
        if (!canBegin(levels) || !counters.isEmpty()) {
            return false;
        }
        for (int place = 0; place < min; place++) {
            if (fitting(choices(place), levels).filter(endless).isPresent()) {
                return true;
            }
        }
        if (max < ArrayRule.ENDLESS || distinct) {
            return false;
        }
        for (List<Choice> place : places) {
            if (fitting(place, levels).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /// What to write so that the array can end; nothing if there is no way.
    Optional<List<Goal>> plan(int place, long counts, Set<Json> items, int levels) {
        if (canEnd(place, counts)) {
            return Optional.of(List.of());
        }
        if (distinct) {
            return distinctPlan(place, items, levels);
        }
        if (counters.isEmpty()) {
            return plainPlan(place, levels);
        }
        Search search = new Search(levels);
        @Nullable List<Goal> found = search.from(place, counts);
        return Optional.ofNullable(found);
    }

    private Optional<List<Goal>> plainPlan(int place, int levels) {
        List<Goal> plan = new ArrayList<>();
        for (int at = place; at < min; at++) {
            if (at < places.size() || plan.isEmpty()) {
                Optional<Goal> fits = fitting(choices(at), levels);
                if (fits.isEmpty()) {
                    return Optional.empty();
                }
                plan.add(fits.get());
            } else {
                plan.add(plan.getLast());
            }
        }
        return Optional.of(plan);
    }

    private static Optional<Goal> fitting(List<Choice> choices, int levels) {
        Goal best = null;
        for (Choice choice : choices) {
            if (choice.goal().fits(levels)
                    && (best == null || choice.goal().height() < best.height())) {
                best = choice.goal();
            }
        }
        return Optional.ofNullable(best);
    }

    private Optional<List<Goal>> distinctPlan(int place, Set<Json> items, int levels) {
        List<Goal> wanted = wanted(place, levels);
        return wanted.size() < min - place
                ? Optional.empty()
                : new Distinctness(goals, levels).plan(wanted, items);
    }

    /// The goals of the places that must be filled, up to the first that cannot be.
    private List<Goal> wanted(int place, int levels) {
        List<Goal> wanted = new ArrayList<>();
        for (int at = place; at < min; at++) {
            Optional<Goal> fits = fitting(choices(at), levels);
            if (fits.isEmpty()) {
                break;
            }
            wanted.add(fits.get());
        }
        return wanted;
    }

    /// Values that places from `place` on might run short of, where equal items are forbidden.
    Set<Json> scarce(int place, Set<Json> items, int levels) {
        return new Distinctness(goals, levels).scarce(wanted(place, levels), items);
    }

    /// The goal to meet `goal` and equal none of some values.
    Goal beside(Goal goal, Set<Json> values) {
        return goals.beside(goal, values);
    }

    /// Tries the ways to fill the next places, those that count first, and remembers which
    /// situations have no end.
    private final class Search {
        private final Set<List<Long>> hopeless = new HashSet<>();
        private final int levels;
        private int steps;

        Search(int levels) {
            this.levels = levels;
        }

        @Nullable List<Goal> from(int place, long counts) {
            if (canEnd(place, counts)) {
                return new ArrayList<>();
            }
            List<Long> situation = List.of((long) place, counts);
            if (hopeless.contains(situation) || isLost(place, counts)) {
                return null;
            }
            if (++steps > Limits.PLAN_STEPS) {
                return null;
            }
            goals.charge(1);
            hopeless.add(situation);
            for (Choice choice : choices(place)) {
                long after = counters.after(counts, choice.counted());
                boolean moves = after(place) != place || after != counts;
                if (after >= 0 && moves && choice.goal().fits(levels)) {
                    List<Goal> rest = from(after(place), after);
                    if (rest != null) {
                        rest.addFirst(choice.goal());
                        return rest;
                    }
                }
            }
            return null;
        }

        /// Whether fewer places are left than have to be counted.
        private boolean isLost(int place, long counts) {
            for (int i = 0; i < counters.bounds().size(); i++) {
                if (counters.bounds().get(i).min() - counters.count(counts, i) > max - place) {
                    return true;
                }
            }
            return false;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || other instanceof ArrayShape shape && rules.equals(shape.rules);
    }

    @Override
    public int hashCode() {
        return rules.hashCode();
    }
}
