package autark.text.schema;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Rules of objects (core 2020-12, sections 10.3.2 and 11.3; validation 2020-12, section 6.5).
///
/// @param goals what members may have to meet
/// @param strings what patterns of keys mean
record ObjectBook(Goals goals, StringAlgebra strings) implements RuleBook<ObjectRule, Keys> {
    @Override
    public Kind kind() {
        return Kind.OBJECT;
    }

    @Override
    public Optional<Alternative<ObjectRule, Keys>> own(Node node, Scope scope) {
        if (!Types.allows(node, "object")) {
            return Optional.empty();
        }
        Set<ObjectRule> rules = new LinkedHashSet<>();
        Keys seen = Keys.NONE;
        for (String name : node.texts("required")) {
            rules.add(new ObjectRule.Has(name));
        }
        Map<String, Node> properties = node.named("properties");
        for (Map.Entry<String, Node> property : properties.entrySet()) {
            Keys key = Keys.named(property.getKey());
            every(rules, key, goals.of(property.getValue(), scope));
        }
        if (!properties.isEmpty()) {
            seen = seen.or(Keys.named(properties.keySet()));
        }
        for (Map.Entry<String, Node> pattern : node.named("patternProperties").entrySet()) {
            Keys keys = Keys.in(strings.pattern(node, "patternProperties", pattern.getKey()));
            every(rules, keys, goals.of(pattern.getValue(), scope));
            seen = seen.or(keys);
        }
        Optional<Node> additional = node.schema("additionalProperties");
        if (additional.isPresent()) {
            every(rules, seen.not(), goals.of(additional.get(), scope));
            seen = Keys.ALL;
        }
        Optional<Node> names = node.schema("propertyNames");
        if (names.isPresent()) {
            Keys wrong = Keys.in(goals.of(names.get(), scope).strings().not());
            every(rules, wrong, goals.nothing());
        }
        size(node, rules);
        return Optional.of(new Alternative<>(rules, seen));
    }

    private static void size(Node node, Set<ObjectRule> rules) {
        int min = node.count("minProperties").orElse(0);
        int max = node.count("maxProperties").orElse(ObjectRule.ENDLESS);
        if (min > 0 || max < ObjectRule.ENDLESS) {
            rules.add(new ObjectRule.Size(min, max));
        }
    }

    private static void every(Set<ObjectRule> rules, Keys keys, Goal goal) {
        if (!goal.isAnything() && !keys.isEmpty()) {
            rules.add(new ObjectRule.Every(keys, goal));
        }
    }

    @Override
    public Optional<Set<ObjectRule>> equal(Json value) {
        if (!(value instanceof Json.Members(Map<String, Json> members))) {
            return Optional.empty();
        }
        Set<ObjectRule> rules = new LinkedHashSet<>();
        for (Map.Entry<String, Json> member : members.entrySet()) {
            rules.add(new ObjectRule.Has(member.getKey()));
            Keys key = Keys.named(member.getKey());
            rules.add(new ObjectRule.Every(key, goals.equal(member.getValue())));
        }
        rules.add(new ObjectRule.Every(Keys.named(members.keySet()).not(), goals.nothing()));
        return Optional.of(rules);
    }

    @Override
    public List<Set<ObjectRule>> opposite(ObjectRule rule) {
        List<Set<ObjectRule>> ways = new ArrayList<>();
        switch (rule) {
            case ObjectRule.Has(String name) ->
                    ways.add(Set.of(new ObjectRule.Every(Keys.named(name), goals.nothing())));
            case ObjectRule.Every(Keys keys, Goal goal) ->
                    ways.add(count(keys, goals.not(goal), 1, ObjectRule.ENDLESS));
            case ObjectRule.Count(Keys keys, Goal goal, int min, int max) -> {
                if (min > 0) {
                    ways.add(count(keys, goal, 0, min - 1));
                }
                if (max < ObjectRule.ENDLESS) {
                    ways.add(count(keys, goal, max + 1, ObjectRule.ENDLESS));
                }
            }
            case ObjectRule.Size(int min, int max) -> {
                if (min > 0) {
                    ways.add(Set.of(new ObjectRule.Size(0, min - 1)));
                }
                if (max < ObjectRule.ENDLESS) {
                    ways.add(Set.of(new ObjectRule.Size(max + 1, ObjectRule.ENDLESS)));
                }
            }
        }
        return ways;
    }

    /// The rules for a number of members. A key occurs once, so that a single name is never
    /// counted.
    private Set<ObjectRule> count(Keys keys, Goal goal, int min, int max) {
        Set<ObjectRule> rules = new LinkedHashSet<>();
        Optional<String> single = keys.single();
        if (min == 0 && max == 0) {
            every(rules, keys, goals.not(goal));
        } else if (single.isPresent() && min == 1) {
            rules.add(new ObjectRule.Has(single.get()));
            every(rules, keys, goal);
        } else {
            rules.add(new ObjectRule.Count(keys, goal, min, max));
        }
        return rules;
    }

    @Override
    public Keys nothing() {
        return Keys.NONE;
    }

    @Override
    public Keys everything() {
        return Keys.ALL;
    }

    @Override
    public Keys joined(Keys a, Keys b) {
        return a.isEmpty() ? b : b.isEmpty() ? a : a.or(b);
    }

    @Override
    public String unevaluatedKeyword() {
        return "unevaluatedProperties";
    }

    @Override
    public Set<ObjectRule> unevaluated(Node schema, Scope scope, Keys evaluated) {
        Set<ObjectRule> rules = new LinkedHashSet<>();
        every(rules, evaluated.not(), goals.of(schema, scope));
        return rules;
    }

    @Override
    public List<Dependency<ObjectRule>> dependencies(Node node) {
        List<Dependency<ObjectRule>> all = new ArrayList<>();
        for (String keyword : List.of("dependentSchemas", "dependencies")) {
            node.named(keyword).forEach((name, schema) -> all.add(dependency(name, schema)));
        }
        node.requiredWith()
                .forEach((name, needed) -> all.add(dependency(name, required(node, needed))));
        return all;
    }

    private Dependency<ObjectRule> dependency(String name, Node schema) {
        Set<ObjectRule> absent = new LinkedHashSet<>();
        every(absent, Keys.named(name), goals.nothing());
        return new Dependency<>(Set.of(new ObjectRule.Has(name)), absent, schema);
    }

    /// A schema that only asks for names.
    private static Node required(Node from, List<String> names) {
        Node node = new Node(from.pointer(), Node.Verdict.KEYWORDS, from.resource());
        List<Json> texts = new ArrayList<>();
        for (String name : names) {
            texts.add(new Json.Text(name));
        }
        node.put("required", new Json.Items(texts));
        return node;
    }

    @Override
    public boolean impossible(Set<ObjectRule> rules) {
        int min = 0;
        int max = ObjectRule.ENDLESS;
        Set<String> required = new LinkedHashSet<>();
        for (ObjectRule rule : rules) {
            switch (rule) {
                case ObjectRule.Has(String name) -> required.add(name);
                case ObjectRule.Size size -> {
                    min = Math.max(min, size.min());
                    max = Math.min(max, size.max());
                }
                case ObjectRule.Count count -> {
                    min = Math.max(min, count.min());
                    if (count.min() > count.max()
                            || count.min() > 0 && count.goal().isSurelyEmpty()) {
                        return true;
                    }
                }
                case ObjectRule.Every _ -> {}
            }
        }
        if (Math.max(min, required.size()) > max) {
            return true;
        }
        goals.charge((long) required.size() * rules.size() / 4);
        for (String name : required) {
            if (goal(rules, name).isSurelyEmpty()) {
                return true;
            }
        }
        return false;
    }

    /// What the value of a member has to meet, counts aside.
    private Goal goal(Set<ObjectRule> rules, String name) {
        Goal goal = goals.anything();
        for (ObjectRule rule : rules) {
            if (rule instanceof ObjectRule.Every(Keys keys, Goal every) && keys.contains(name)) {
                goal = goals.both(goal, every);
            }
        }
        return goal;
    }
}
