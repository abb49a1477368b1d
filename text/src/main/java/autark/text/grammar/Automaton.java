package autark.text.grammar;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// A deterministic automaton over classes of code points. State 0 is dead, all others are alive.
/// Immutable.
///
/// @param table by state and class the next state, row by row
record Automaton(Alphabet alphabet, int[] table, boolean[] accepting, int start) {
    static final int DEAD = 0;

    /// How two automata are joined.
    enum Join {
        BOTH,
        EITHER;

        boolean accepts(boolean a, boolean b) {
            return this == BOTH ? a && b : a || b;
        }

        boolean dies(int a, int b) {
            return this == BOTH ? a == DEAD || b == DEAD : a == DEAD && b == DEAD;
        }
    }

    int stateCount() {
        return accepting.length;
    }

    int next(int state, int characterClass) {
        return table[state * alphabet.classCount + characterClass];
    }

    /// The same language with the fewest states, dead ones gone.
    static Automaton minimal(Alphabet alphabet, int[] table, boolean[] accepting, int start) {
        Automaton trimmed = trimmed(alphabet, table, accepting, start);
        return new Minimizer(trimmed).minimal();
    }

    /// Without states that are not reached or from which no accepting one is; state 0 of the result
    /// is dead.
    private static Automaton trimmed(
            Alphabet alphabet, int[] table, boolean[] accepting, int start) {
        boolean[] alive = alive(alphabet.classCount, table, accepting);
        boolean[] reached = reached(alphabet.classCount, table, start);
        int[] numbers = new int[accepting.length];
        int count = 1;
        for (int state = 0; state < numbers.length; state++) {
            if (alive[state] && reached[state]) {
                numbers[state] = count++;
            }
        }
        int width = alphabet.classCount;
        int[] newTable = new int[count * width];
        boolean[] newAccepting = new boolean[count];
        for (int state = 0; state < numbers.length; state++) {
            if (numbers[state] != DEAD) {
                newAccepting[numbers[state]] = accepting[state];
                for (int c = 1; c < width; c++) {
                    newTable[numbers[state] * width + c] = numbers[table[state * width + c]];
                }
            }
        }
        return new Automaton(alphabet, newTable, newAccepting, numbers[start]);
    }

    private static boolean[] reached(int width, int[] table, int start) {
        boolean[] reached = new boolean[table.length / width];
        int[] queue = new int[reached.length];
        reached[start] = true;
        queue[0] = start;
        int count = 1;
        for (int i = 0; i < count; i++) {
            for (int c = 1; c < width; c++) {
                int next = table[queue[i] * width + c];
                if (!reached[next]) {
                    reached[next] = true;
                    queue[count++] = next;
                }
            }
        }
        return reached;
    }

    private static boolean[] alive(int width, int[] table, boolean[] accepting) {
        Predecessors predecessors = new Predecessors(width, table);
        boolean[] alive = accepting.clone();
        int[] queue = new int[accepting.length];
        int count = 0;
        for (int state = 0; state < accepting.length; state++) {
            if (accepting[state]) {
                queue[count++] = state;
            }
        }
        for (int i = 0; i < count; i++) {
            int state = queue[i];
            for (int at = predecessors.from(state); at < predecessors.to(state); at++) {
                int before = predecessors.state(at);
                if (!alive[before]) {
                    alive[before] = true;
                    queue[count++] = before;
                }
            }
        }
        return alive;
    }

    /// The texts of both, or of either.
    ///
    /// @throws GrammarException if the result has too many states
    Automaton joined(Automaton other, Join join) {
        Alphabet both = Alphabet.joined(alphabet, other.alphabet);
        int width = both.classCount;
        int[] ownClasses = classesIn(both, alphabet);
        int[] otherClasses = classesIn(both, other.alphabet);
        Map<Long, Integer> numbers = new HashMap<>();
        StateTable states = new StateTable(width);
        long[] pairs = new long[16];
        pairs[0] = ((long) start << 32) | other.start;
        numbers.put(pairs[0], states.add());
        for (int i = 0; i < states.count(); i++) {
            int a = (int) (pairs[i] >> 32);
            int b = (int) pairs[i];
            states.accept(i, join.accepts(accepting[a], other.accepting[b]));
            for (int c = 1; c < width; c++) {
                int nextA = next(a, ownClasses[c]);
                int nextB = other.next(b, otherClasses[c]);
                if (join.dies(nextA, nextB)) {
                    states.step(i, c, StateTable.NOWHERE);
                    continue;
                }
                long pair = ((long) nextA << 32) | nextB;
                Integer number = numbers.get(pair);
                if (number == null) {
                    number = states.add();
                    numbers.put(pair, number);
                    if (number == pairs.length) {
                        pairs = Arrays.copyOf(pairs, number * 2);
                    }
                    pairs[number] = pair;
                }
                states.step(i, c, number);
            }
        }
        return states.minimal(both);
    }

    /// By class of `fine` the class of `coarse` that holds it.
    private static int[] classesIn(Alphabet fine, Alphabet coarse) {
        int[] classes = new int[fine.classCount];
        for (int range = 0; range < fine.firsts.length; range++) {
            classes[fine.classes[range]] = coarse.classOf(fine.firsts[range]);
        }
        return classes;
    }

    /// All other texts.
    Automaton complement() {
        int width = alphabet.classCount;
        StateTable states = new StateTable(width);
        for (int state = 0; state < stateCount(); state++) {
            states.add();
        }
        for (int state = 0; state < stateCount(); state++) {
            states.accept(state, !accepting[state]);
            for (int c = 1; c < width; c++) {
                states.step(state, c, next(state, c));
            }
        }
        return states.minimal(alphabet, start);
    }

    /// By state the characters to the nearest accepting one; that of the dead state says nothing.
    int[] distances() {
        Predecessors predecessors = new Predecessors(alphabet.classCount, table);
        int[] distances = new int[accepting.length];
        Arrays.fill(distances, Integer.MAX_VALUE);
        int[] queue = new int[accepting.length];
        int count = 0;
        for (int state = 0; state < accepting.length; state++) {
            if (accepting[state]) {
                distances[state] = 0;
                queue[count++] = state;
            }
        }
        for (int i = 0; i < count; i++) {
            int state = queue[i];
            for (int at = predecessors.from(state); at < predecessors.to(state); at++) {
                int before = predecessors.state(at);
                if (distances[before] == Integer.MAX_VALUE) {
                    distances[before] = distances[state] + 1;
                    queue[count++] = before;
                }
            }
        }
        return distances;
    }
}
