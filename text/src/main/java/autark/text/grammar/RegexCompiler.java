package autark.text.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes automata of regular expressions: first one that may be in many places at once (Thompson's
/// construction), then, set of places by set of places, one that is in one state.
///
/// Anchors are places that are passed at the start or end of a text only. So those at the end are
/// kept in the sets and decide whether a set accepts.
///
/// A pattern cannot cost more than its limits: places, states and steps are counted.
final class RegexCompiler {
    /// Places of a pattern whose repetitions are written out.
    static final int PLACES_MAX = 1 << 15;

    /// Visits of places while states are made.
    static final int WORK_MAX = 1 << 20;

    private enum Kind {
        CHARS,
        FORK,
        TEXT_START,
        TEXT_END,
        FINAL
    }

    private final List<Kind> kinds = new ArrayList<>();

    /// By place the one or two places that follow.
    private int[] nexts = new int[64];

    private int[] others = new int[64];

    /// By place the index of its set.
    private int[] sets = new int[64];

    private final Map<CodePoints, Integer> setIndexes = new LinkedHashMap<>();

    /// Accepts whatever follows; none if the whole text has to match.
    private int rest = -1;

    private int[][] classesOfSets = {};
    private int[] visits = {};
    private int visitCount;
    private int[] pending = {};
    private long work;

    private RegexCompiler() {}

    /// The automaton of all texts that match as a whole.
    static Automaton matching(RegexNode pattern) {
        RegexCompiler compiler = new RegexCompiler();
        int end = compiler.place(Kind.FINAL, 0, 0);
        return compiler.automaton(compiler.compile(pattern, end));
    }

    /// The automaton of all texts with a match inside.
    static Automaton searching(RegexNode pattern) {
        RegexCompiler compiler = new RegexCompiler();
        int end = compiler.place(Kind.FINAL, 0, 0);
        compiler.rest = compiler.anything(end);
        int body = compiler.compile(pattern, compiler.rest);
        return compiler.automaton(compiler.anything(body));
    }

    private int anything(int next) {
        int fork = place(Kind.FORK, next, next);
        int any = chars(CodePoints.ALL, fork);
        others[fork] = any;
        return fork;
    }

    private int place(Kind kind, int next, int other) {
        int place = kinds.size();
        if (place == PLACES_MAX) {
            throw new GrammarException(
                    ("the pattern is too large: with its repetitions written out it has more than"
                                    + " %d parts")
                            .formatted(PLACES_MAX));
        }
        if (place == nexts.length) {
            nexts = Arrays.copyOf(nexts, place * 2);
            others = Arrays.copyOf(others, place * 2);
            sets = Arrays.copyOf(sets, place * 2);
        }
        kinds.add(kind);
        nexts[place] = next;
        others[place] = other;
        return place;
    }

    private int chars(CodePoints set, int next) {
        int place = place(Kind.CHARS, next, next);
        sets[place] = setIndexes.computeIfAbsent(set, _ -> setIndexes.size());
        return place;
    }

    /// The place where a match of `node` starts that goes on at `next`.
    private int compile(RegexNode node, int next) {
        return switch (node) {
            case RegexNode.Chars(CodePoints set) -> chars(set, next);
            case RegexNode.TextStart _ -> place(Kind.TEXT_START, next, next);
            case RegexNode.TextEnd _ -> place(Kind.TEXT_END, next, next);
            case RegexNode.Sequence(List<RegexNode> parts) -> {
                int at = next;
                for (RegexNode part : parts.reversed()) {
                    at = compile(part, at);
                }
                // An empty sequence counts as well, or repeating it would cost nothing.
                yield parts.isEmpty() ? place(Kind.FORK, next, next) : at;
            }
            case RegexNode.Choice(List<RegexNode> alternatives) -> {
                int at = compile(alternatives.getLast(), next);
                for (int i = alternatives.size() - 2; i >= 0; i--) {
                    at = place(Kind.FORK, compile(alternatives.get(i), next), at);
                }
                yield at;
            }
            case RegexNode.Repeat(RegexNode body, int min, int max) -> repeat(body, min, max, next);
        };
    }

    private int repeat(RegexNode body, int min, int max, int next) {
        int at = max == 0 ? place(Kind.FORK, next, next) : next;
        if (max == Regex.UNBOUNDED) {
            at = place(Kind.FORK, next, next);
            int again = compile(body, at);
            // Compiling may have made the array anew.
            others[at] = again;
        } else {
            for (int i = min; i < max; i++) {
                at = place(Kind.FORK, next, compile(body, at));
            }
        }
        for (int i = 0; i < min; i++) {
            at = compile(body, at);
        }
        return at;
    }

    /// A set of places. The first one of all is apart from those with the same places, because
    /// anchors at the start count for it.
    private record PlaceSet(int[] places, boolean first) {
        @Override
        public boolean equals(Object other) {
            return other instanceof PlaceSet that
                    && first == that.first
                    && Arrays.equals(places, that.places);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(places) + (first ? 1 : 0);
        }
    }

    private Automaton automaton(int start) {
        Alphabet alphabet = Alphabet.of(List.copyOf(setIndexes.keySet()));
        classesOfSets = new int[setIndexes.size()][];
        for (Map.Entry<CodePoints, Integer> set : setIndexes.entrySet()) {
            classesOfSets[set.getValue()] = alphabet.classesOf(set.getKey());
        }
        visits = new int[kinds.size()];
        pending = new int[kinds.size() + 1];
        StateTable states = new StateTable(alphabet.classCount);
        Map<PlaceSet, Integer> numbers = new HashMap<>();
        List<PlaceSet> order = new ArrayList<>();
        IntBuffer[] steps = new IntBuffer[alphabet.classCount];
        Arrays.setAll(steps, _ -> new IntBuffer());
        steps[0].add(start);
        PlaceSet first = new PlaceSet(closure(steps[0], true), true);
        numbers.put(first, states.add());
        order.add(first);
        for (int state = 0; state < order.size(); state++) {
            PlaceSet set = order.get(state);
            states.accept(state, accepts(set));
            collectSteps(set, steps);
            for (int c = 1; c < steps.length; c++) {
                if (steps[c].length == 0) {
                    continue;
                }
                PlaceSet next = new PlaceSet(closure(steps[c], false), false);
                Integer number = numbers.get(next);
                if (number == null) {
                    number = states.add();
                    numbers.put(next, number);
                    order.add(next);
                }
                states.step(state, c, number);
            }
        }
        return states.minimal(alphabet);
    }

    /// By class the places that follow those of a set.
    private void collectSteps(PlaceSet set, IntBuffer[] steps) {
        for (IntBuffer step : steps) {
            step.length = 0;
        }
        for (int place : set.places()) {
            if (kinds.get(place) == Kind.CHARS) {
                int[] classes = classesOfSets[sets[place]];
                work(classes.length);
                for (int c : classes) {
                    steps[c].add(nexts[place]);
                }
            }
        }
    }

    private void work(int more) {
        work += more;
        if (work > WORK_MAX) {
            throw new GrammarException(
                    "the pattern is too large: its automaton takes more than %d steps to make"
                            .formatted(WORK_MAX));
        }
    }

    /// All places that are reached without a character, sorted; of those that are only passed
    /// through none.
    private int[] closure(IntBuffer from, boolean atStart) {
        int stamp = ++visitCount;
        int pendingCount = 0;
        IntBuffer found = new IntBuffer();
        for (int i = 0; i < from.length; i++) {
            pendingCount = visit(from.values[i], stamp, pendingCount);
        }
        while (pendingCount > 0) {
            int place = pending[--pendingCount];
            switch (kinds.get(place)) {
                case FORK -> {
                    pendingCount = visit(nexts[place], stamp, pendingCount);
                    pendingCount = visit(others[place], stamp, pendingCount);
                }
                case TEXT_START -> {
                    if (atStart) {
                        pendingCount = visit(nexts[place], stamp, pendingCount);
                    }
                }
                case CHARS, TEXT_END, FINAL -> found.add(place);
            }
        }
        if (rest >= 0 && visits[rest] == stamp) {
            // Whatever follows, the text matches: one set for all that are so far.
            return new int[] {0, others[rest]};
        }
        int[] places = Arrays.copyOf(found.values, found.length);
        Arrays.sort(places);
        return places;
    }

    private int visit(int place, int stamp, int pendingCount) {
        if (visits[place] == stamp) {
            return pendingCount;
        }
        work(1);
        visits[place] = stamp;
        pending[pendingCount] = place;
        return pendingCount + 1;
    }

    /// Whether a text may end in a set: the end is reached through anchors.
    private boolean accepts(PlaceSet set) {
        int stamp = ++visitCount;
        int pendingCount = 0;
        for (int place : set.places()) {
            if (kinds.get(place) != Kind.CHARS) {
                pendingCount = visit(place, stamp, pendingCount);
            }
        }
        while (pendingCount > 0) {
            int place = pending[--pendingCount];
            switch (kinds.get(place)) {
                case FINAL -> {
                    return true;
                }
                case FORK -> {
                    pendingCount = visit(nexts[place], stamp, pendingCount);
                    pendingCount = visit(others[place], stamp, pendingCount);
                }
                case TEXT_END -> pendingCount = visit(nexts[place], stamp, pendingCount);
                case TEXT_START -> {
                    if (set.first()) {
                        pendingCount = visit(nexts[place], stamp, pendingCount);
                    }
                }
                case CHARS -> {}
            }
        }
        return false;
    }

    /// A list of places.
    private static final class IntBuffer {
        int[] values = new int[8];
        int length;

        void add(int value) {
            if (length == values.length) {
                values = Arrays.copyOf(values, length * 2);
            }
            values[length++] = value;
        }
    }
}
