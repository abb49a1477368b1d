package autark.text.grammar;

import java.util.Arrays;

/// Finds states that accept the same texts, by Hopcroft's refinement: blocks of states are split by
/// where they lead until no class of characters splits any ("An n log n algorithm for minimizing
/// states in a finite automaton", 1971).
///
/// States stand in `order` block by block; within a block those marked in the present round come
/// first.
final class Minimizer {
    private final Automaton automaton;
    private final int width;
    private final Predecessors predecessors;
    private final int[] order;
    private final int[] places;
    private final int[] blocks;
    private final int[] blockStarts;
    private final int[] blockEnds;
    private final int[] marked;
    private int blockCount;

    /// Pairs of a block and a class that may split others.
    private final int[] work;

    private final boolean[] waiting;
    private int workCount;

    Minimizer(Automaton automaton) {
        this.automaton = automaton;
        int count = automaton.stateCount();
        width = automaton.alphabet().classCount;
        predecessors = new Predecessors(width, automaton.table());
        order = new int[count];
        places = new int[count];
        blocks = new int[count];
        blockStarts = new int[count];
        blockEnds = new int[count];
        marked = new int[count];
        work = new int[count * width];
        waiting = new boolean[count * width];
    }

    Automaton minimal() {
        firstBlocks();
        int[] members = new int[order.length];
        int[] touched = new int[order.length];
        while (workCount > 0) {
            int pair = work[--workCount];
            waiting[pair] = false;
            refine(pair / width, pair % width, members, touched);
        }
        return merged();
    }

    /// The dead state, the accepting ones, the others.
    private void firstBlocks() {
        int count = 0;
        for (int kind = 0; kind < 3; kind++) {
            int from = count;
            for (int state = 0; state < order.length; state++) {
                if (kind(state) == kind) {
                    order[count] = state;
                    places[state] = count++;
                    blocks[state] = blockCount;
                }
            }
            if (count > from) {
                blockStarts[blockCount] = from;
                blockEnds[blockCount] = count;
                for (int c = 1; c < width; c++) {
                    push(blockCount, c);
                }
                blockCount++;
            }
        }
    }

    private int kind(int state) {
        if (state == Automaton.DEAD) {
            return 0;
        }
        return automaton.accepting()[state] ? 1 : 2;
    }

    private void push(int block, int characterClass) {
        int pair = block * width + characterClass;
        if (!waiting[pair]) {
            waiting[pair] = true;
            work[workCount++] = pair;
        }
    }

    /// Splits each block into states that step into `block` by the class, and others.
    private void refine(int block, int characterClass, int[] members, int[] touched) {
        int memberCount = blockEnds[block] - blockStarts[block];
        System.arraycopy(order, blockStarts[block], members, 0, memberCount);
        int touchedCount = 0;
        for (int i = 0; i < memberCount; i++) {
            int to = predecessors.to(members[i], characterClass);
            for (int at = predecessors.from(members[i], characterClass); at < to; at++) {
                int before = predecessors.state(at);
                if (marked[blocks[before]] == 0) {
                    touched[touchedCount++] = blocks[before];
                }
                mark(before);
            }
        }
        for (int i = 0; i < touchedCount; i++) {
            split(touched[i]);
        }
    }

    private void mark(int state) {
        int block = blocks[state];
        int target = blockStarts[block] + marked[block]++;
        int other = order[target];
        order[places[state]] = other;
        places[other] = places[state];
        order[target] = state;
        places[state] = target;
    }

    private void split(int block) {
        int markedCount = marked[block];
        marked[block] = 0;
        int middle = blockStarts[block] + markedCount;
        if (middle == blockEnds[block]) {
            return;
        }
        // The new block is the smaller part, so that a state moves at most log n times.
        int created = blockCount++;
        if (markedCount <= blockEnds[block] - middle) {
            blockStarts[created] = blockStarts[block];
            blockEnds[created] = middle;
            blockStarts[block] = middle;
        } else {
            blockStarts[created] = middle;
            blockEnds[created] = blockEnds[block];
            blockEnds[block] = middle;
        }
        for (int i = blockStarts[created]; i < blockEnds[created]; i++) {
            blocks[order[i]] = created;
        }
        // Where the old block still waits both parts do now; elsewhere the smaller one is enough.
        for (int c = 1; c < width; c++) {
            push(created, c);
        }
    }

    private Automaton merged() {
        int[] numbers = new int[blockCount];
        Arrays.fill(numbers, -1);
        numbers[blocks[Automaton.DEAD]] = Automaton.DEAD;
        int next = 1;
        for (int state = 0; state < order.length; state++) {
            if (numbers[blocks[state]] < 0) {
                numbers[blocks[state]] = next++;
            }
        }
        int[] table = new int[blockCount * width];
        boolean[] accepting = new boolean[blockCount];
        for (int state = 0; state < order.length; state++) {
            int number = numbers[blocks[state]];
            accepting[number] = automaton.accepting()[state];
            for (int c = 1; c < width; c++) {
                table[number * width + c] = numbers[blocks[automaton.next(state, c)]];
            }
        }
        return new Automaton(
                automaton.alphabet(), table, accepting, numbers[blocks[automaton.start()]]);
    }
}
