package autark.text.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whether places of an array can be filled so that no two items are equal. A place with more
/// values to choose from than there are places never runs short; for the others a matching is
/// sought, each place with one of its few values.
final class Distinctness {
    private final Goals goals;
    private final int levels;

    Distinctness(Goals goals, int levels) {
        this.goals = goals;
        this.levels = levels;
    }

    /// A goal for each place, so that values that meet them differ; nothing if there are none.
    Optional<List<Goal>> plan(List<Goal> wanted, Set<Json> taken) {
        Map<Integer, List<Json>> few = new HashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            Goal free = goals.beside(wanted.get(i), taken);
            if (!free.fits(levels)) {
                return Optional.empty();
            }
            Optional<List<Json>> values = values(free, wanted.size());
            if (values.isPresent()) {
                few.put(i, values.get());
            }
        }
        Map<Json, Integer> places = new HashMap<>();
        for (int place : few.keySet()) {
            if (!place(place, few, places, new HashSet<>())) {
                return Optional.empty();
            }
        }
        return Optional.of(goals(wanted, taken, places));
    }

    /// The values of the places with few to choose from.
    Set<Json> scarce(List<Goal> wanted, Set<Json> taken) {
        Set<Json> scarce = new LinkedHashSet<>();
        for (Goal goal : wanted) {
            values(goals.beside(goal, taken), wanted.size() + 1).ifPresent(scarce::addAll);
        }
        return scarce;
    }

    private List<Goal> goals(List<Goal> wanted, Set<Json> taken, Map<Json, Integer> places) {
        Map<Integer, Json> chosen = new HashMap<>();
        places.forEach((value, place) -> chosen.put(place, value));
        Set<Json> gone = new LinkedHashSet<>(taken);
        gone.addAll(places.keySet());
        List<Goal> plan = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            Json value = chosen.get(i);
            plan.add(value == null ? goals.beside(wanted.get(i), gone) : goals.equal(value));
        }
        return plan;
    }

    /// Finds a value for a place, moving others if need be (Kuhn's algorithm).
    private static boolean place(
            int place, Map<Integer, List<Json>> few, Map<Json, Integer> places, Set<Json> tried) {
        for (Json value : few.getOrDefault(place, List.of())) {
            if (tried.add(value)) {
                Integer holder = places.get(value);
                if (holder == null || place(holder, few, places, tried)) {
                    places.put(value, place);
                    return true;
                }
            }
        }
        return false;
    }

    /// All values of a goal if they are fewer than `enough`; of arrays and objects one is taken to
    /// be all there is unless they are seen to be endless.
    private Optional<List<Json>> values(Goal goal, int enough) {
        if (enough <= 1) {
            return Optional.empty();
        }
        if (goal.strings().count(goal.strings().start()) >= enough || isEndless(goal, 3)) {
            return Optional.empty();
        }
        List<Json> values = new ArrayList<>(goal.words());
        var numbers = goal.numbers().list(enough);
        if (numbers.isEmpty()) {
            return Optional.empty();
        }
        numbers.get().forEach(number -> values.add(new Json.Numeral(number)));
        goal.strings().list(enough).orElse(List.of()).forEach(t -> values.add(new Json.Text(t)));
        values.addAll(listed(goal));
        return values.size() >= enough ? Optional.empty() : Optional.of(values);
    }

    /// Arrays and objects that a goal lists by `const` or `enum`, and the empty ones.
    private List<Json> listed(Goal goal) {
        Set<Json> listed = new LinkedHashSet<>();
        if (goal.arrays().isEmpty() && goal.objects().isEmpty()) {
            return List.of();
        }
        Set<Json> candidates = new LinkedHashSet<>();
        candidates.add(new Json.Items(List.of()));
        candidates.add(new Json.Members(Map.of()));
        for (Claim claim : goal.claims()) {
            if (claim.fact() instanceof Fact.Valid(Node node, Scope _)) {
                candidates.addAll(node.items("enum"));
                node.value("const").ifPresent(candidates::add);
            }
        }
        for (Json candidate : candidates) {
            if (candidate.kind() == Kind.ARRAY || candidate.kind() == Kind.OBJECT) {
                Goal both = goals.both(goal, goals.equal(candidate));
                if (both.fits(levels)) {
                    listed.add(candidate);
                }
            }
        }
        return List.copyOf(listed);
    }

    private boolean isEndless(Goal goal, int depth) {
        if (depth == 0) {
            return false;
        }
        if (goal.strings().count(goal.strings().start()) == Words.ENDLESS
                || goal.numbers().isMany()) {
            return true;
        }
        for (ArrayShape shape : goal.arrays()) {
            if (shape.isEndless(levels - 1, inside -> isEndless(inside, depth - 1))) {
                return true;
            }
        }
        for (ObjectShape shape : goal.objects()) {
            if (shape.isEndless(levels - 1, inside -> isEndless(inside, depth - 1))) {
                return true;
            }
        }
        return false;
    }
}
