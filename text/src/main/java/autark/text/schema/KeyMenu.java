package autark.text.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The keys that may come next in an object. Made once for a member, asked at each of its bytes.
final class KeyMenu {
    /// The room for other keys that an alternative has.
    ///
    /// @param names the keys that are none of them
    private record Other(Words words, Set<String> names, List<Pending> pending) {}

    private final Container container;
    private final Set<Strand.OfObject> strands;
    private final Map<String, List<Pending>> names = new LinkedHashMap<>();
    private final List<Other> others = new ArrayList<>();

    KeyMenu(Container container, Set<Strand.OfObject> strands) {
        this.container = container;
        this.strands = strands;
        for (Strand.OfObject strand : strands) {
            add(strand);
        }
    }

    private void add(Strand.OfObject strand) {
        ObjectShape shape = strand.shape();
        Set<String> seen = container.keys();
        shape.named()
                .forEach((name, group) -> {
                    if (!seen.contains(name)) {
                        List<Pending> pending = pending(strand, group);
                        if (!pending.isEmpty()) {
                            names.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(pending);
                        }
                    }
                });
        for (ObjectShape.Group group : shape.open()) {
            List<Pending> pending = pending(strand, group);
            if (!pending.isEmpty()) {
                Set<String> taken = new LinkedHashSet<>(seen);
                taken.addAll(shape.named().keySet());
                others.add(new Other(group.words(), taken, pending));
            }
        }
    }

    private List<Pending> pending(Strand.OfObject strand, ObjectShape.Group group) {
        List<Pending> pending = new ArrayList<>();
        ObjectShape shape = strand.shape();
        for (Choice choice : group.choices()) {
            long counts = shape.counted(strand.counts(), choice);
            if (counts >= 0
                    && choice.goal().fits(container.levels())
                    && shape.canTake(container.keys(), group, counts, container.levels())) {
                Strand after = new Strand.OfObject(strand.owner(), shape, counts);
                pending.add(new Pending(choice.goal(), after));
            }
        }
        return pending;
    }

    boolean isEmpty() {
        return !goesOn("", Partial.NONE);
    }

    Container container() {
        return container;
    }

    Set<Strand.OfObject> strands() {
        return strands;
    }

    /// Whether a key that may come begins so.
    boolean goesOn(String text, Partial partial) {
        int[] ranges = partial.ranges();
        for (int i = 0; i < ranges.length; i += 2) {
            if (goesOn(text, partial, ranges[i], ranges[i + 1])) {
                return true;
            }
        }
        return false;
    }

    private boolean goesOn(String text, Partial partial, int low, int high) {
        boolean whole = partial.form() == Partial.Form.NONE;
        for (String name : names.keySet()) {
            if (name.startsWith(text)
                    && (whole || name.length() > text.length() && next(name, text, low, high))) {
                return true;
            }
        }
        for (Other other : others) {
            int state = state(other.words(), text);
            if (state == Words.DEAD) {
                continue;
            }
            List<String> taken = rests(other.names(), text);
            boolean alive =
                    whole
                            ? other.words().endsBeside(state, taken)
                            : other.words().goesOnBeside(state, low, high, taken);
            if (alive) {
                return true;
            }
        }
        return false;
    }

    private static boolean next(String name, String text, int low, int high) {
        int codePoint = name.codePointAt(text.length());
        return low <= codePoint && codePoint <= high;
    }

    private static int state(Words words, String text) {
        int state = words.start();
        for (int i = 0; i < text.length() && state != Words.DEAD; ) {
            int codePoint = text.codePointAt(i);
            state = words.next(state, codePoint);
            i += Character.charCount(codePoint);
        }
        return state;
    }

    private static List<String> rests(Set<String> names, String text) {
        List<String> rests = new ArrayList<>();
        for (String name : names) {
            if (name.startsWith(text)) {
                rests.add(name.substring(text.length()));
            }
        }
        return rests;
    }

    /// Where the value of a key stands; nothing if this is none of the keys.
    Optional<Slot> slot(String key) {
        List<Pending> pending = new ArrayList<>(names.getOrDefault(key, List.of()));
        for (Other other : others) {
            if (!other.names().contains(key) && other.words().contains(key)) {
                pending.addAll(other.pending());
            }
        }
        return pending.isEmpty()
                ? Optional.empty()
                : Optional.of(Slot.in(container.withKey(key), pending));
    }

    /// A short text that ends a key that begins with `text`; nothing if that takes a character more
    /// than the automata propose.
    Optional<String> completion(String text) {
        String best = null;
        for (String name : names.keySet()) {
            if (name.startsWith(text) && (best == null || name.length() < best.length())) {
                best = name;
            }
        }
        for (Other other : others) {
            int state = state(other.words(), text);
            if (best == null && state != Words.DEAD) {
                String whole = text + other.words().completion(state);
                best = slot(whole).isPresent() ? whole : null;
            }
        }
        return Optional.ofNullable(best).map(whole -> whole.substring(text.length()));
    }

    /// A character that may come after `text` in a range.
    OptionalInt next(String text, int low, int high) {
        for (String name : names.keySet()) {
            if (name.startsWith(text)
                    && name.length() > text.length()
                    && next(name, text, low, high)) {
                return OptionalInt.of(name.codePointAt(text.length()));
            }
        }
        for (Other other : others) {
            int state = state(other.words(), text);
            int last;
            for (int from = low; state != Words.DEAD && from <= high; from = last + 1) {
                last = Math.min(high, other.words().lastAlike(state, from));
                if (other.words().next(state, from) == Words.DEAD) {
                    continue;
                }
                for (int point = from; point <= last; point++) {
                    boolean surrogate =
                            point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
                    if (!surrogate && goesOn(text + Character.toString(point), Partial.NONE)) {
                        return OptionalInt.of(point);
                    }
                }
            }
        }
        return OptionalInt.empty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof KeyMenu menu
                        && container.equals(menu.container)
                        && strands.equals(menu.strands);
    }

    @Override
    public int hashCode() {
        return 31 * container.hashCode() + strands.hashCode();
    }
}
