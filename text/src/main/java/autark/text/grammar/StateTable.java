package autark.text.grammar;

import java.util.Arrays;

/// An automaton in the making, within limits.
final class StateTable {
    /// A step to no state.
    static final int NOWHERE = -1;

    private final int width;
    private int[] table;
    private boolean[] accepting = new boolean[16];
    private int count;

    StateTable(int width) {
        this.width = width;
        this.table = new int[16 * width];
    }

    int count() {
        return count;
    }

    /// A new state, which goes nowhere yet.
    ///
    /// @throws GrammarException if there are too many
    int add() {
        if (count == Regex.STATES_MAX || (count + 1) * (long) width > Regex.CELLS_MAX) {
            throw new GrammarException(
                    ("the pattern is too large: its automaton has more than %d states over %d"
                                    + " classes of characters, expected at most %d states and %d"
                                    + " steps")
                            .formatted(count, width, Regex.STATES_MAX, Regex.CELLS_MAX));
        }
        if (count == accepting.length) {
            accepting = Arrays.copyOf(accepting, count * 2);
            table = Arrays.copyOf(table, table.length * 2);
        }
        Arrays.fill(table, count * width, (count + 1) * width, NOWHERE);
        return count++;
    }

    void accept(int state, boolean accepts) {
        accepting[state] = accepts;
    }

    void step(int state, int characterClass, int next) {
        table[state * width + characterClass] = next;
    }

    /// The automaton that starts in the first state added.
    Automaton minimal(Alphabet alphabet) {
        return minimal(alphabet, 0);
    }

    Automaton minimal(Alphabet alphabet, int start) {
        int[] steps = new int[(count + 1) * width];
        for (int cell = 0; cell < steps.length; cell++) {
            boolean leads = cell < count * width && table[cell] != NOWHERE;
            steps[cell] = leads ? table[cell] : count;
        }
        return Automaton.minimal(alphabet, steps, Arrays.copyOf(accepting, count + 1), start);
    }
}
