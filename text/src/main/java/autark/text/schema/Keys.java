package autark.text.schema;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A set of keys of an object: what patterns say, and what is said of single names. Names stay out
/// of the automata, so that an object with a hundred properties needs none.
///
/// @param names the names of which the opposite of `rest` is true, and whether they belong
/// @param rest whether a key belongs that is not in `names`
record Keys(Map<String, Boolean> names, Words rest) {
    static final Keys ALL = new Keys(Map.of(), Words.ALL);
    static final Keys NONE = new Keys(Map.of(), Words.NONE);

    Keys {
        names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
    }

    static Keys named(String name) {
        return new Keys(Map.of(name, true), Words.NONE);
    }

    static Keys named(Set<String> names) {
        Map<String, Boolean> all = new LinkedHashMap<>();
        for (String name : names) {
            all.put(name, true);
        }
        return new Keys(all, Words.NONE);
    }

    static Keys in(Words words) {
        return new Keys(Map.of(), words);
    }

    boolean contains(String key) {
        Boolean named = names.get(key);
        return named == null ? rest.contains(key) : named;
    }

    Keys not() {
        Map<String, Boolean> opposite = new LinkedHashMap<>();
        names.forEach((name, belongs) -> opposite.put(name, !belongs));
        return new Keys(opposite, rest.not());
    }

    Keys or(Keys other) {
        Words both = rest.or(other.rest);
        Map<String, Boolean> joined = new LinkedHashMap<>();
        Set<String> all = new LinkedHashSet<>(names.keySet());
        all.addAll(other.names.keySet());
        for (String name : all) {
            boolean belongs = contains(name) || other.contains(name);
            if (belongs != both.contains(name)) {
                joined.put(name, belongs);
            }
        }
        return new Keys(joined, both);
    }

    boolean isEmpty() {
        return rest.isEmpty() && names.isEmpty();
    }

    /// The name, if this is the set of one name.
    Optional<String> single() {
        return rest.isEmpty() && names.size() == 1
                ? Optional.of(names.keySet().iterator().next())
                : Optional.empty();
    }
}
