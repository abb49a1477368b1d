package autark.text.template;

import java.util.HashSet;
import java.util.Set;

/// Follows, in the order of the source, which names a template reads before it sets them itself.
/// These are the variables that a caller can give.
final class FreeNames {
    private final Set<String> free = new HashSet<>();
    private Set<String> defined = new HashSet<>();

    void read(String name) {
        if (!defined.contains(name) && Function.named(name) instanceof Value.Undefined) {
            free.add(name);
        }
    }

    void define(String name) {
        defined.add(name);
    }

    /// What is defined up to here, for [#restore].
    Set<String> defined() {
        return new HashSet<>(defined);
    }

    /// Forgets what was defined since, at the end of a scope.
    void restore(Set<String> earlier) {
        defined = new HashSet<>(earlier);
    }

    /// Names that were read and not set.
    Set<String> free() {
        return Set.copyOf(free);
    }
}
