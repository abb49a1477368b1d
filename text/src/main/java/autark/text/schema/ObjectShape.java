package autark.text.schema;

import autark.text.grammar.GrammarException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One alternative of an object, ready to be written: which keys there may be, what their values
/// have to meet, and whether the object can still be brought to an end.
///
/// Keys fall into groups whose members are treated alike: each name that a rule mentions is one,
/// and what patterns tell apart among all other keys are the rest.
final class ObjectShape {
    /// Keys that are treated alike.
    ///
    /// @param name the key, if the group is one name
    /// @param words the keys, names of other groups aside, if it is not
    record Group(Optional<String> name, Words words, List<Choice> choices) {}

    /// A member to be written.
    ///
    /// @param group the group of its key
    record Step(Group group, Goal goal) {}

    /// Stands for a key that is none of the names: half of a surrogate pair is no key.
    private static final String NO_KEY = "\uD800";

    private final Goals goals;
    private final Set<ObjectRule> rules;
    private final Counters counters;
    private final int min;
    private final int max;
    private final Set<String> required = new LinkedHashSet<>();
    private final Map<String, Group> named = new LinkedHashMap<>();
    private final List<Group> open = new ArrayList<>();

    ObjectShape(Goals goals, Set<ObjectRule> rules) {
        this.goals = goals;
        this.rules = rules;
        int least = 0;
        int most = ObjectRule.ENDLESS;
        List<Counters.Bounds> bounds = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        List<Keys> keys = new ArrayList<>();
        for (ObjectRule rule : rules) {
            switch (rule) {
                case ObjectRule.Size size -> {
                    least = Math.max(least, size.min());
                    most = Math.min(most, size.max());
                }
                case ObjectRule.Every every -> keys.add(every.keys());
                case ObjectRule.Count count -> {
                    keys.add(count.keys());
                    bounds.add(new Counters.Bounds(count.goal(), count.min(), count.max()));
                }
                case ObjectRule.Has(String name) -> required.add(name);
            }
        }
        keys.forEach(set -> names.addAll(set.names().keySet()));
        names.addAll(required);
        if (Math.max(least, required.size()) > Limits.REQUIRED_PARTS) {
            throw new GrammarException(
                    "an object of %d members is required, the limit is %d"
                            .formatted(Math.max(least, required.size()), Limits.REQUIRED_PARTS));
        }
        counters = new Counters(bounds);
        min = least;
        max = most;
        for (Words words : groups(keys)) {
            Optional<List<String>> few = words.list(Limits.LISTED_KEYS);
            if (few.isPresent()) {
                names.addAll(few.get());
            } else {
                addOpen(words);
            }
        }
        if (!counters.isEmpty() && names.size() > Limits.COUNTED_NAMES) {
            throw new GrammarException(
                    "an object in which members are counted has %d names, the limit is %d"
                            .formatted(names.size(), Limits.COUNTED_NAMES));
        }
        goals.charge((long) names.size() * rules.size());
        for (String name : names) {
            List<Choice> choices = choices(set -> set.contains(name));
            named.put(name, new Group(Optional.of(name), Words.NONE, choices));
        }
    }

    private void addOpen(Words words) {
        Set<Words> inside = new HashSet<>();
        for (ObjectRule rule : rules) {
            Words rest =
                    switch (rule) {
                        case ObjectRule.Every every -> every.keys().rest();
                        case ObjectRule.Count count -> count.keys().rest();
                        case ObjectRule.Has _, ObjectRule.Size _ -> Words.NONE;
                    };
            if (!words.and(rest).isEmpty()) {
                inside.add(rest);
            }
        }
        List<Choice> choices = choices(set -> inside.contains(set.rest()));
        if (!choices.isEmpty()) {
            open.add(new Group(Optional.empty(), words, choices));
        }
    }

    /// What patterns tell apart: sets of keys of which each lies inside or outside of each pattern.
    private List<Words> groups(List<Keys> keys) {
        List<Words> groups = List.of(Words.ALL);
        for (Words pattern : new LinkedHashSet<>(keys.stream().map(Keys::rest).toList())) {
            if (pattern == Words.ALL || pattern == Words.NONE) {
                continue;
            }
            List<Words> finer = new ArrayList<>();
            for (Words group : groups) {
                goals.charge(200);
                finer.add(group.and(pattern));
                finer.add(group.and(pattern.not()));
            }
            finer.removeIf(Words::isEmpty);
            groups = finer;
            if (groups.size() > Limits.KEY_GROUPS) {
                throw new GrammarException(
                        "patterns of keys tell more than %d groups of keys apart"
                                .formatted(Limits.KEY_GROUPS));
            }
        }
        return groups;
    }

    private List<Choice> choices(Predicate<Keys> holds) {
        Goal base = goals.anything();
        int counted = 0;
        int counter = 0;
        for (ObjectRule rule : rules) {
            if (rule instanceof ObjectRule.Every(Keys keys, Goal goal) && holds.test(keys)) {
                base = goals.both(base, goal);
            } else if (rule instanceof ObjectRule.Count count) {
                counted |= holds.test(count.keys()) ? 1 << counter : 0;
                counter++;
            }
        }
        return counters.choices(goals, base, counted);
    }

    /// The goals that values may have to meet, for going on with the schemas inside.
    List<Goal> goals() {
        List<Goal> all = new ArrayList<>();
        named.values().forEach(group -> group.choices().forEach(c -> all.add(c.goal())));
        open.forEach(group -> group.choices().forEach(c -> all.add(c.goal())));
        return all;
    }

    /// The names that are told apart.
    Map<String, Group> named() {
        return named;
    }

    /// The groups of other keys.
    List<Group> open() {
        return open;
    }

    /// A key for a member of an open group, beside those that are taken.
    String fresh(Group group, Set<String> taken) {
        Set<String> used = new LinkedHashSet<>(taken);
        used.addAll(named.keySet());
        Words free = group.words().and(Words.among(List.copyOf(used)).not());
        return free.completion(free.start());
    }

    long counted(long counts, Choice choice) {
        return counters.after(counts, choice.counted());
    }

    boolean canEnd(Set<String> seen, long counts) {
        return seen.size() >= min && counters.satisfied(counts) && seen.containsAll(required);
    }

    boolean canBegin(int levels) {
        return plan(Set.of(), 0, levels).isPresent();
    }

    /// Whether values differ without end, as far as a short look tells.
    boolean isEndless(int levels, Predicate<Goal> endless) {
        if (!canBegin(levels)) {
            return false;
        }
        boolean room = max > Math.max(min, required.size()) && counters.isEmpty();
        for (Group group : open) {
            for (Choice choice : group.choices()) {
                if (room && choice.goal().fits(levels)) {
                    return true;
                }
            }
        }
        for (String name : required) {
            for (Choice choice : group(name).choices()) {
                if (counters.isEmpty()
                        && choice.goal().fits(levels)
                        && endless.test(choice.goal())) {
                    return true;
                }
            }
        }
        return false;
    }

    private Group group(String name) {
        Group group = named.get(name);
        if (group == null) {
            throw new IllegalStateException("no group for " + name);
        }
        return group;
    }

    /// Whether the object can be brought to an end after one more member.
    ///
    /// @param group the group of its key
    /// @param counts the counts with it
    boolean canTake(Set<String> seen, Group group, long counts, int levels) {
        if (!counters.isEmpty()) {
            Set<String> more = new LinkedHashSet<>(seen);
            more.add(group.name().orElse(NO_KEY));
            return plan(more, counts, levels).isPresent();
        }
        if (group.name().filter(required::contains).isPresent()) {
            return true;
        }
        int missing = 0;
        for (String name : required) {
            missing += seen.contains(name) ? 0 : 1;
        }
        return seen.size() + missing < max;
    }

    /// What to write so that the object can end; nothing if there is no way.
    ///
    /// @param levels how deep values may be
    Optional<List<Step>> plan(Set<String> seen, long counts, int levels) {
        if (canEnd(seen, counts)) {
            return seen.size() <= max ? Optional.of(List.of()) : Optional.empty();
        }
        if (!counters.isEmpty()) {
            return Optional.ofNullable(new Search(seen, levels).from(0, seen.size(), counts));
        }
        List<Step> plan = new ArrayList<>();
        for (String name : required) {
            if (!seen.contains(name)) {
                Optional<Step> step = step(group(name), levels);
                if (step.isEmpty()) {
                    return Optional.empty();
                }
                plan.add(step.get());
            }
        }
        fill(plan, seen, levels);
        int total = seen.size() + plan.size();
        return total >= min && total <= max ? Optional.of(plan) : Optional.empty();
    }

    private static Optional<Step> step(Group group, int levels) {
        for (Choice choice : group.choices()) {
            if (choice.goal().fits(levels)) {
                return Optional.of(new Step(group, choice.goal()));
            }
        }
        return Optional.empty();
    }

    /// Adds members that nobody requires until there are enough.
    private void fill(List<Step> plan, Set<String> seen, int levels) {
        for (Map.Entry<String, Group> entry : named.entrySet()) {
            if (seen.size() + plan.size() >= min) {
                return;
            }
            if (!required.contains(entry.getKey()) && !seen.contains(entry.getKey())) {
                step(entry.getValue(), levels).ifPresent(plan::add);
            }
        }
        for (Group group : open) {
            Optional<Step> step = step(group, levels);
            long left = room(group, seen);
            while (step.isPresent() && left-- > 0 && seen.size() + plan.size() < min) {
                plan.add(step.get());
            }
        }
    }

    /// How many keys of a group are left at least.
    private long room(Group group, Set<String> seen) {
        long count = group.words().count(group.words().start());
        return count == Words.ENDLESS ? count : count - seen.size() - named.size();
    }

    /// Tries the groups in order: for each the ways to write a member of it, or to leave it out.
    private final class Search {
        private final Set<List<Long>> hopeless = new HashSet<>();
        private final Set<String> seen;
        private final int levels;
        private final List<Group> groups = new ArrayList<>();
        private int steps;

        Search(Set<String> seen, int levels) {
            this.seen = seen;
            this.levels = levels;
            for (Map.Entry<String, Group> entry : named.entrySet()) {
                if (!seen.contains(entry.getKey())) {
                    groups.add(entry.getValue());
                }
            }
            groups.addAll(open);
        }

        @Nullable List<Step> from(int index, int total, long counts) {
            if (total > max || index == groups.size()) {
                boolean ends = total >= min && total <= max && counters.satisfied(counts);
                return ends ? new ArrayList<>() : null;
            }
            List<Long> situation = List.of((long) index, (long) total, counts);
            if (hopeless.contains(situation) || ++steps > Limits.PLAN_STEPS) {
                return null;
            }
            goals.charge(1);
            hopeless.add(situation);
            Group group = groups.get(index);
            boolean needed = group.name().filter(required::contains).isPresent();
            if (!needed) {
                List<Step> without = from(index + 1, total, counts);
                if (without != null) {
                    return without;
                }
            }
            for (Choice choice : group.choices()) {
                List<Step> with = with(group, choice, index, total, counts);
                if (with != null) {
                    return with;
                }
            }
            return null;
        }

        private @Nullable List<Step> with(
                Group group, Choice choice, int index, int total, long counts) {
            long after = counters.after(counts, choice.counted());
            boolean again = group.name().isEmpty() && room(group, seen) > total + 1L;
            boolean useful = after != counts || total < min || !again;
            if (after < 0 || !useful || !choice.goal().fits(levels)) {
                return null;
            }
            List<Step> rest = from(again ? index : index + 1, total + 1, after);
            if (rest != null) {
                rest.addFirst(new Step(group, choice.goal()));
            }
            return rest;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || other instanceof ObjectShape shape && rules.equals(shape.rules);
    }

    @Override
    public int hashCode() {
        return rules.hashCode();
    }
}
