package autark.text.schema;

import autark.text.grammar.Regex;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A regular set of strings: what `pattern`, `minLength`, `enum` and their combinations leave. It
/// is an automaton over code points; the two sets that are asked for all the time, all strings and
/// none, need no automaton.
///
/// A place in a string is a state of the automaton, a number; states of the set of all strings are
/// [#ANYWHERE].
final class Words {
    static final Words ALL = new Words(null, true);
    static final Words NONE = new Words(null, false);

    /// Where one stands in a string of [#ALL].
    static final int ANYWHERE = 1;

    /// No string of the set goes on from here.
    static final int DEAD = Regex.DEAD;

    /// What [#count] answers where there is no end.
    static final long ENDLESS = Long.MAX_VALUE;

    private final @Nullable Regex regex;
    private final boolean all;
    private final Map<Integer, Long> counts = new HashMap<>();
    private volatile @Nullable Words opposite;

    private Words(@Nullable Regex regex, boolean all) {
        this.regex = regex;
        this.all = all;
    }

    static Words of(Regex regex) {
        if (regex.isEmpty()) {
            return NONE;
        }
        int start = regex.start();
        boolean everything =
                regex.stateCount() == 2
                        && regex.accepting(start)
                        && regex.lastAlike(start, 0) == Character.MIN_SURROGATE - 1
                        && regex.lastAlike(start, Character.MAX_SURROGATE + 1)
                                == Character.MAX_CODE_POINT
                        && regex.next(start, 0) == start
                        && regex.next(start, Character.MAX_CODE_POINT) == start;
        return everything ? ALL : new Words(regex, false);
    }

    static Words only(String text) {
        return of(Regex.literal(text));
    }

    /// These strings; halves are joined, so that a long list costs no square.
    static Words among(List<String> texts) {
        if (texts.isEmpty()) {
            return NONE;
        }
        if (texts.size() == 1) {
            return only(texts.getFirst());
        }
        int half = texts.size() / 2;
        return among(texts.subList(0, half)).or(among(texts.subList(half, texts.size())));
    }

    Words and(Words other) {
        if (regex == null) {
            return all ? other : this;
        }
        if (other.regex == null) {
            return other.all ? this : other;
        }
        return this == other ? this : of(regex.intersect(other.regex));
    }

    Words or(Words other) {
        if (regex == null) {
            return all ? this : other;
        }
        if (other.regex == null) {
            return other.all ? other : this;
        }
        return this == other ? this : of(regex.union(other.regex));
    }

    Words not() {
        if (regex == null) {
            return all ? NONE : ALL;
        }
        Words known = opposite;
        if (known == null) {
            known = of(regex.complement());
            known.opposite = this;
            opposite = known;
        }
        return known;
    }

    boolean isEmpty() {
        return this == NONE;
    }

    boolean contains(String text) {
        int state = start();
        for (int i = 0; i < text.length() && state != DEAD; ) {
            int codePoint = text.codePointAt(i);
            state = next(state, codePoint);
            i += Character.charCount(codePoint);
        }
        return accepting(state);
    }

    int start() {
        return this == NONE ? DEAD : regex == null ? ANYWHERE : regex.start();
    }

    /// Where one stands after one more character; [#DEAD] if no string goes on so.
    int next(int state, int codePoint) {
        if (regex == null || state == DEAD) {
            return state;
        }
        return regex.next(state, codePoint);
    }

    /// The last character up to which all from `codePoint` on lead to the same state.
    int lastAlike(int state, int codePoint) {
        return regex == null ? Character.MAX_CODE_POINT : regex.lastAlike(state, codePoint);
    }

    boolean accepting(int state) {
        return state != DEAD && (regex == null ? all : regex.accepting(state));
    }

    /// Whether one of these characters may come next.
    boolean goesOn(int state, int low, int high) {
        if (regex == null || state == DEAD) {
            return all && state != DEAD;
        }
        return first(state, low, high) >= 0;
    }

    /// The first character of a range with which a string goes on; -1 if there is none.
    int first(int state, int low, int high) {
        for (int from = low; from <= high; from = lastAlike(state, from) + 1) {
            boolean surrogate = from >= Character.MIN_SURROGATE && from <= Character.MAX_SURROGATE;
            if (!surrogate && next(state, from) != DEAD) {
                return from;
            }
        }
        return -1;
    }

    /// How many strings go on from a state; [#ENDLESS] beyond any number.
    long count(int state) {
        if (regex == null || state == DEAD) {
            return state == DEAD ? 0 : ENDLESS;
        }
        Long known;
        synchronized (counts) {
            known = counts.get(state);
            if (known == null) {
                known = counted(state, regex);
            }
        }
        return known;
    }

    /// Depth first without recursion, for automata may be deep: a state that is met again while it
    /// is being counted lies on a circle.
    private long counted(int start, Regex automaton) {
        ArrayDeque<Integer> path = new ArrayDeque<>();
        Map<Integer, Boolean> open = new HashMap<>();
        path.push(start);
        while (!path.isEmpty()) {
            int state = path.peek();
            if (counts.containsKey(state)) {
                path.pop();
                continue;
            }
            boolean second = open.put(state, true) != null;
            long sum = automaton.accepting(state) ? 1 : 0;
            int last;
            for (int from = 0; from <= Character.MAX_CODE_POINT; from = last + 1) {
                last = automaton.lastAlike(state, from);
                int target = automaton.next(state, from);
                if (target == DEAD) {
                    continue;
                }
                Long part = counts.get(target);
                if (part == null && !second && !open.containsKey(target)) {
                    path.push(target);
                } else if (part == null) {
                    sum = ENDLESS;
                } else {
                    sum = times(part, last - from + 1, sum);
                }
            }
            if (second) {
                counts.put(state, sum);
                path.pop();
            }
        }
        return counts.getOrDefault(start, 0L);
    }

    private static long times(long part, long width, long sum) {
        if (part == ENDLESS || sum == ENDLESS || part > (1L << 40) || sum > (1L << 62)) {
            return ENDLESS;
        }
        return sum + part * width;
    }

    /// Whether a string goes on from `state` by a character of a range that is none of `taken`.
    ///
    /// @param taken what is left of the strings that are taken, from `state` on
    boolean goesOnBeside(int state, int low, int high, Collection<String> taken) {
        if (regex == null || state == DEAD) {
            return all && state != DEAD;
        }
        int last;
        for (int from = low; from <= high; from = last + 1) {
            last = Math.min(high, regex.lastAlike(state, from));
            int target = regex.next(state, from);
            if (target == DEAD) {
                continue;
            }
            if (count(target) > taken.size() || last - from >= taken.size()) {
                return true;
            }
            for (int codePoint = from; codePoint <= last; codePoint++) {
                if (endsBeside(target, after(codePoint, taken))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<String> after(int codePoint, Collection<String> texts) {
        String first = Character.toString(codePoint);
        List<String> rest = new ArrayList<>();
        for (String text : texts) {
            if (text.startsWith(first)) {
                rest.add(text.substring(first.length()));
            }
        }
        return rest;
    }

    /// Whether a string goes on from `state`, or ends there, that is none of `taken`.
    boolean endsBeside(int state, Collection<String> taken) {
        if (state == DEAD) {
            return false;
        }
        long count = count(state);
        if (count > taken.size()) {
            return true;
        }
        long lost = 0;
        for (String rest : taken) {
            lost += ends(state, rest) ? 1 : 0;
        }
        return count > lost;
    }

    private boolean ends(int state, String rest) {
        int at = state;
        for (int i = 0; i < rest.length() && at != DEAD; ) {
            int codePoint = rest.codePointAt(i);
            at = next(at, codePoint);
            i += Character.charCount(codePoint);
        }
        return accepting(at);
    }

    /// A shortest text that leads from `state` to the end of a string.
    String completion(int state) {
        return regex == null ? "" : regex.completion(state);
    }

    /// All strings, if there are at most `most` and none is long.
    Optional<List<String>> list(int most) {
        int start = start();
        if (count(start) > most) {
            return Optional.empty();
        }
        List<String> found = new ArrayList<>();
        return collect(start, "", found) ? Optional.of(found) : Optional.empty();
    }

    private boolean collect(int state, String text, List<String> found) {
        if (regex == null || state == DEAD) {
            return true;
        }
        if (text.length() > Limits.LISTED_CHARS) {
            return false;
        }
        if (regex.accepting(state)) {
            found.add(text);
        }
        int last;
        for (int from = 0; from <= Character.MAX_CODE_POINT; from = last + 1) {
            last = regex.lastAlike(state, from);
            int target = regex.next(state, from);
            for (int point = from; point <= last && target != DEAD; point++) {
                if (!collect(target, text + Character.toString(point), found)) {
                    return false;
                }
            }
        }
        return true;
    }
}
