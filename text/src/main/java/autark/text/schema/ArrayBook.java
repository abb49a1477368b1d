package autark.text.schema;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Rules of arrays (core 2020-12, section 10.3.1; validation 2020-12, section 6.4).
///
/// @param goals what items may have to meet
record ArrayBook(Goals goals) implements RuleBook<ArrayRule, ArrayBook.Seen> {
    /// Which items were evaluated.
    ///
    /// @param upTo those before this index
    /// @param like and those that meet one of these
    record Seen(int upTo, Set<Goal> like) {}

    private static final Seen NOTHING = new Seen(0, Set.of());
    private static final Seen EVERYTHING = new Seen(ArrayRule.ENDLESS, Set.of());

    @Override
    public Kind kind() {
        return Kind.ARRAY;
    }

    @Override
    public Optional<Alternative<ArrayRule, Seen>> own(Node node, Scope scope) {
        if (!Types.allows(node, "array")) {
            return Optional.empty();
        }
        Set<ArrayRule> rules = new LinkedHashSet<>();
        boolean old = node.draft() == Draft.DRAFT_7;
        List<Node> first = node.schemas(old ? "items" : "prefixItems");
        for (int i = 0; i < first.size(); i++) {
            every(rules, i, i + 1, goals.of(first.get(i), scope));
        }
        int seen = first.size();
        boolean tuple = old && node.value("items").filter(v -> v instanceof Json.Items).isPresent();
        Optional<Node> rest = node.schema(tuple ? "additionalItems" : "items");
        if (rest.isPresent()) {
            every(rules, first.size(), ArrayRule.ENDLESS, goals.of(rest.get(), scope));
            seen = ArrayRule.ENDLESS;
        }
        int min = node.count("minItems").orElse(0);
        int max = node.count("maxItems").orElse(ArrayRule.ENDLESS);
        if (min > 0 || max < ArrayRule.ENDLESS) {
            rules.add(new ArrayRule.Size(min, max));
        }
        if (node.flag("uniqueItems")) {
            rules.add(new ArrayRule.Distinct(node));
        }
        Set<Goal> like = Set.of();
        Optional<Node> contains = node.schema("contains");
        if (contains.isPresent()) {
            Goal goal = goals.of(contains.get(), scope);
            int least = node.count("minContains").orElse(1);
            int most = node.count("maxContains").orElse(ArrayRule.ENDLESS);
            if (least > 0 || most < ArrayRule.ENDLESS) {
                rules.add(new ArrayRule.Count(0, ArrayRule.ENDLESS, goal, least, most));
            }
            like = old ? Set.of() : Set.of(goal);
        }
        return Optional.of(
                new Alternative<>(
                        normal(rules), seen == 0 ? new Seen(0, like) : new Seen(seen, like)));
    }

    private void every(Set<ArrayRule> rules, int from, int to, Goal goal) {
        if (!goal.isAnything()) {
            rules.add(new ArrayRule.Every(from, to, goal));
        }
    }

    /// The same rules, those that are another kind of rule in disguise unmasked.
    private Set<ArrayRule> normal(Set<ArrayRule> rules) {
        Set<ArrayRule> normal = new LinkedHashSet<>();
        for (ArrayRule rule : rules) {
            if (rule instanceof ArrayRule.Count(int from, int to, Goal goal, int min, int max)) {
                if (max == 0 && min == 0) {
                    every(normal, from, to, goals.not(goal));
                } else if (from == 0 && to == ArrayRule.ENDLESS && goal.isAnything()) {
                    normal.add(new ArrayRule.Size(min, max));
                } else if (to - from == 1 && min == 1) {
                    normal.add(new ArrayRule.Size(to, ArrayRule.ENDLESS));
                    every(normal, from, to, goal);
                } else {
                    normal.add(rule);
                }
            } else {
                normal.add(rule);
            }
        }
        return normal;
    }

    @Override
    public Optional<Set<ArrayRule>> equal(Json value) {
        if (!(value instanceof Json.Items(List<Json> items))) {
            return Optional.empty();
        }
        Set<ArrayRule> rules = new LinkedHashSet<>();
        rules.add(new ArrayRule.Size(items.size(), items.size()));
        for (int i = 0; i < items.size(); i++) {
            rules.add(new ArrayRule.Every(i, i + 1, goals.equal(items.get(i))));
        }
        return Optional.of(rules);
    }

    @Override
    public List<Set<ArrayRule>> opposite(ArrayRule rule) {
        List<Set<ArrayRule>> ways = new ArrayList<>();
        switch (rule) {
            case ArrayRule.Every(int from, int to, Goal goal) ->
                    ways.add(
                            Set.of(
                                    new ArrayRule.Count(
                                            from, to, goals.not(goal), 1, ArrayRule.ENDLESS)));
            case ArrayRule.Count(int from, int to, Goal goal, int min, int max) -> {
                if (min > 0) {
                    ways.add(Set.of(new ArrayRule.Count(from, to, goal, 0, min - 1)));
                }
                if (max < ArrayRule.ENDLESS) {
                    ways.add(
                            Set.of(
                                    new ArrayRule.Count(
                                            from, to, goal, max + 1, ArrayRule.ENDLESS)));
                }
            }
            case ArrayRule.Size(int min, int max) -> {
                if (min > 0) {
                    ways.add(Set.of(new ArrayRule.Size(0, min - 1)));
                }
                if (max < ArrayRule.ENDLESS) {
                    ways.add(Set.of(new ArrayRule.Size(max + 1, ArrayRule.ENDLESS)));
                }
            }
            case ArrayRule.Distinct(Node node) ->
                    throw node.error(
                            "uniqueItems",
                            "is not supported where it has to fail (under 'not', 'if' or 'oneOf')");
        }
        return ways.stream().map(this::normal).toList();
    }

    @Override
    public Seen nothing() {
        return NOTHING;
    }

    @Override
    public Seen everything() {
        return EVERYTHING;
    }

    @Override
    public Seen joined(Seen a, Seen b) {
        Set<Goal> like = new LinkedHashSet<>(a.like());
        like.addAll(b.like());
        return new Seen(Math.max(a.upTo(), b.upTo()), like);
    }

    @Override
    public String unevaluatedKeyword() {
        return "unevaluatedItems";
    }

    @Override
    public Set<ArrayRule> unevaluated(Node schema, Scope scope, Seen evaluated) {
        Set<ArrayRule> rules = new LinkedHashSet<>();
        if (evaluated.upTo() < ArrayRule.ENDLESS) {
            List<Goal> ways = new ArrayList<>(evaluated.like());
            ways.add(goals.of(schema, scope));
            every(rules, evaluated.upTo(), ArrayRule.ENDLESS, goals.either(ways));
        }
        return rules;
    }

    @Override
    public List<Dependency<ArrayRule>> dependencies(Node node) {
        return List.of();
    }

    @Override
    public boolean impossible(Set<ArrayRule> rules) {
        int min = 0;
        int max = ArrayRule.ENDLESS;
        for (ArrayRule rule : rules) {
            switch (rule) {
                case ArrayRule.Size size -> {
                    min = Math.max(min, size.min());
                    max = Math.min(max, size.max());
                }
                case ArrayRule.Count count -> {
                    min = Math.max(min, count.min());
                    if (count.min() > count.max() || count.min() > count.to() - count.from()) {
                        return true;
                    }
                    if (count.min() > 0 && count.goal().isSurelyEmpty()) {
                        return true;
                    }
                }
                case ArrayRule.Every _, ArrayRule.Distinct _ -> {}
            }
        }
        return min > max || anyEmpty(rules, min);
    }

    /// Whether no value may stand at one of the places that must be filled.
    private boolean anyEmpty(Set<ArrayRule> rules, int min) {
        List<ArrayRule.Every> everies = new ArrayList<>();
        int horizon = 0;
        for (ArrayRule rule : rules) {
            if (rule instanceof ArrayRule.Every every) {
                everies.add(every);
                horizon = Math.max(horizon, every.from() + 1);
            }
        }
        for (int place = 0; place < Math.min(min, horizon); place++) {
            Goal goal = goals.anything();
            for (ArrayRule.Every every : everies) {
                if (every.from() <= place && place < every.to()) {
                    goal = goals.both(goal, every.goal());
                }
            }
            if (goal.isSurelyEmpty()) {
                return true;
            }
        }
        return false;
    }
}
