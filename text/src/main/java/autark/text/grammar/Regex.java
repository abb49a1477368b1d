package autark.text.grammar;

import java.util.List;

/// A regular language of texts, as a deterministic automaton over Unicode code points: reading a
/// character is a table look-up, so that time is linear in the text whatever the pattern. Immutable
/// and for all threads.
///
/// States are numbers from 0 to [#stateCount] - 1. [#DEAD] is the one from which no text of the
/// language is reached; all others are alive. The automaton is minimal, so that different states
/// accept different texts.
///
/// Patterns are those of ECMA-262, as JSON Schema's `pattern` has them, without what is not
/// regular: look-around, back references and word boundaries are refused by name. Compiling is
/// bounded by [#STATES_MAX], [#CELLS_MAX] and the limits of the parser; a pattern over them is
/// refused as too large. Sources: ECMA-262, section 22.2; Cox, "Regular Expression Matching Can Be
/// Simple And Fast" (RE2).
public final class Regex {
    /// No upper bound, for [#ofLength].
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    /// The state from which no text of the language is reached.
    public static final int DEAD = Automaton.DEAD;

    /// Most states of an automaton while it is made.
    public static final int STATES_MAX = 1 << 14;

    /// Most steps of an automaton while it is made: states times classes of characters.
    public static final int CELLS_MAX = 1 << 18;

    private final Automaton automaton;
    private final int[] distances;
    private final int[] samples;

    private Regex(Automaton automaton) {
        this.automaton = automaton;
        this.distances = automaton.distances();
        this.samples = automaton.alphabet().samples();
    }

    /// The texts in which a pattern is found, anywhere unless it is anchored: what JSON Schema
    /// means by `pattern`.
    ///
    /// @throws GrammarException if the pattern is malformed, not regular or too large
    public static Regex searching(String pattern) {
        return new Regex(RegexCompiler.searching(RegexParser.parse(pattern)));
    }

    /// The texts that a pattern matches from start to end.
    ///
    /// @throws GrammarException if the pattern is malformed, not regular or too large
    public static Regex matching(String pattern) {
        return new Regex(RegexCompiler.matching(RegexParser.parse(pattern)));
    }

    /// One text alone.
    ///
    /// @throws GrammarException if the text has half of a surrogate pair or is too large
    public static Regex literal(String text) {
        return new Regex(RegexCompiler.matching(RegexParser.literal(text)));
    }

    /// All texts of a length.
    ///
    /// @param min fewest code points
    /// @param max most code points, or [#UNBOUNDED]
    /// @throws GrammarException if a bound is larger than an automaton can count
    public static Regex ofLength(int min, int max) {
        if (min < 0 || min > max) {
            throw new IllegalArgumentException(
                    "length from %d to %d, expected 0 <= min <= max".formatted(min, max));
        }
        Alphabet alphabet = Alphabet.of(List.of());
        StateTable states = new StateTable(alphabet.classCount);
        int last = max == UNBOUNDED ? min : max;
        for (int length = 0; length <= last; length++) {
            int state = states.add();
            states.accept(state, length >= min);
            if (length > 0) {
                states.step(state - 1, 1, state);
            }
        }
        if (max == UNBOUNDED) {
            states.step(last, 1, last);
        }
        return new Regex(states.minimal(alphabet));
    }

    /// The texts that are in both languages.
    ///
    /// @throws GrammarException if the result is too large
    public Regex intersect(Regex other) {
        return new Regex(automaton.joined(other.automaton, Automaton.Join.BOTH));
    }

    /// The texts that are in either language.
    ///
    /// @throws GrammarException if the result is too large
    public Regex union(Regex other) {
        return new Regex(automaton.joined(other.automaton, Automaton.Join.EITHER));
    }

    /// All other texts.
    public Regex complement() {
        return new Regex(automaton.complement());
    }

    /// Whether there is no text in the language.
    public boolean isEmpty() {
        return automaton.start() == DEAD;
    }

    /// Whether a whole text is in the language.
    public boolean matches(String text) {
        int state = start();
        for (int i = 0; i < text.length() && state != DEAD; ) {
            int codePoint = text.codePointAt(i);
            state = next(state, codePoint);
            i += Character.charCount(codePoint);
        }
        return accepting(state);
    }

    public int stateCount() {
        return automaton.stateCount();
    }

    /// Before the first character; [#DEAD] if the language is empty.
    public int start() {
        return automaton.start();
    }

    /// The state after one more character; [#DEAD] after half of a surrogate pair.
    public int next(int state, int codePoint) {
        return automaton.next(state, automaton.alphabet().classOf(codePoint));
    }

    /// Whether a text of the language may end in a state.
    public boolean accepting(int state) {
        return automaton.accepting()[state];
    }

    /// Whether some text of the language is reached from a state.
    public boolean live(int state) {
        return state != DEAD;
    }

    /// The last code point, from `codePoint` on, up to which all lead to the same state. With it
    /// the steps from a state are walked through range by range.
    public int lastAlike(int state, int codePoint) {
        Alphabet alphabet = automaton.alphabet();
        int next = next(state, codePoint);
        int last = alphabet.lastOfRange(codePoint);
        while (last < CodePoints.MAX && next(state, last + 1) == next) {
            last = alphabet.lastOfRange(last + 1);
        }
        return last;
    }

    /// Fewest characters from a live state to the end of a text of the language.
    public int distance(int state) {
        if (state == DEAD) {
            throw new IllegalArgumentException("no text is reached from the dead state");
        }
        return distances[state];
    }

    /// A shortest text from a live state to the end of a text of the language.
    public String completion(int state) {
        int at = state;
        StringBuilder text = new StringBuilder();
        for (int left = distance(state); left > 0; left--) {
            int best = -1;
            for (int c = 1; c < samples.length; c++) {
                int next = automaton.next(at, c);
                boolean nearer = next != DEAD && distances[next] == left - 1;
                if (nearer && (best < 0 || Alphabet.nicer(samples[c], samples[best]))) {
                    best = c;
                }
            }
            text.appendCodePoint(samples[best]);
            at = automaton.next(at, best);
        }
        return text.toString();
    }

    /// The language of these texts in UTF-8.
    ///
    /// @throws GrammarException by `start`, if there is no text in the language
    public Language<?> language() {
        return new RegexLanguage(this);
    }
}
