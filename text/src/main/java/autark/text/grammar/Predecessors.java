package autark.text.grammar;

/// The steps of an automaton backwards: those into state `s` stand from `from(s)` to `to(s)`, those
/// of them by class `c` from `from(s, c)` to `to(s, c)`. Steps of class 0, the surrogates, are left
/// out.
final class Predecessors {
    private final int width;
    private final int[] starts;

    /// Cells of the table, by the state that they lead to and their class.
    private final int[] cells;

    Predecessors(int width, int[] table) {
        this.width = width;
        this.starts = new int[table.length + 1];
        this.cells = new int[table.length];
        for (int cell = 0; cell < table.length; cell++) {
            if (isStep(cell)) {
                starts[key(table, cell) + 1]++;
            }
        }
        for (int key = 0; key < table.length; key++) {
            starts[key + 1] += starts[key];
        }
        int[] next = starts.clone();
        for (int cell = 0; cell < table.length; cell++) {
            if (isStep(cell)) {
                cells[next[key(table, cell)]++] = cell;
            }
        }
    }

    private int key(int[] table, int cell) {
        return table[cell] * width + cell % width;
    }

    private boolean isStep(int cell) {
        return cell % width != Alphabet.SURROGATES;
    }

    int from(int state) {
        return starts[state * width];
    }

    int to(int state) {
        return starts[(state + 1) * width];
    }

    int from(int state, int characterClass) {
        return starts[state * width + characterClass];
    }

    int to(int state, int characterClass) {
        return starts[state * width + characterClass + 1];
    }

    int state(int at) {
        return cells[at] / width;
    }
}
