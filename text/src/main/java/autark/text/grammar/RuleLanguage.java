package autark.text.grammar;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;

/// The texts that follow the rules of a grammar. A reader may understand a text in several ways at
/// once; each is a stack of rules that are not finished. Ways with the same stack are kept
/// together: a state is a set of stacks, and with each the parts that may read the next byte.
///
/// A stack is a chain of frames; a frame holds the parts at which its rule goes on when the rule
/// above it ends, and the frame of the rule that called it. Chains are never changed and share
/// what they have in common, as in Tomita's graph-structured stack. Two states are equal if they
/// hold the same stacks with the same parts; hashes are kept.
///
/// Each rule describes some finite text, so every stack can be finished and every state is alive.
final class RuleLanguage implements Language<RuleLanguage.State> {
    /// Parts of all stacks of a state together.
    private static final int STATE_PARTS_MAX = 1 << 12;

    /// Where a rule goes on when the one above it has ended.
    private static final class Frame {
        /// Sorted; of the bottom none.
        final int[] returns;

        /// The bottom's is the bottom.
        final Frame below;

        final int depth;

        /// The fewest bytes from the end of the rule above to the end of the text.
        final int distance;

        private final int hash;

        private Frame() {
            returns = new int[0];
            below = this;
            depth = 0;
            distance = 0;
            hash = 1;
        }

        Frame(int[] returns, int ownDistance, Frame below) {
            this.returns = returns;
            this.below = below;
            this.depth = below.depth + 1;
            this.distance = ownDistance + below.distance;
            this.hash = 31 * below.hash + Arrays.hashCode(returns);
            if (depth > Gbnf.DEPTH_MAX || distance > Gbnf.COMPLETION_BYTES_MAX) {
                throw new GrammarException(
                        ("the answer nests too deep: %d rules with %d bytes to finish them,"
                                        + " expected at most %d and %d")
                                .formatted(
                                        depth,
                                        distance,
                                        Gbnf.DEPTH_MAX,
                                        Gbnf.COMPLETION_BYTES_MAX));
            }
        }

        @Override
        public boolean equals(Object other) {
            if (!(other instanceof Frame that)) {
                return false;
            }
            Frame own = this;
            while (own != that) {
                if (own.hash != that.hash
                        || own.depth != that.depth
                        || !Arrays.equals(own.returns, that.returns)) {
                    return false;
                }
                own = own.below;
                that = that.below;
            }
            return true;
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /// A stack and the parts that read the next byte on top of it, sorted.
    private record Stack(Frame frame, int[] parts) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Stack that
                    && Arrays.equals(parts, that.parts)
                    && frame.equals(that.frame);
        }

        @Override
        public int hashCode() {
            return 31 * frame.hashCode() + Arrays.hashCode(parts);
        }
    }

    /// Where a reader stands: a set of stacks, and whether the text may end.
    static final class State {
        private final Stack[] stacks;
        private final boolean complete;
        private final int hash;

        State(Stack[] stacks, boolean complete) {
            this.stacks = stacks;
            this.complete = complete;
            int sum = complete ? 1 : 0;
            for (Stack stack : stacks) {
                sum += stack.hashCode();
            }
            this.hash = sum;
        }

        @Override
        public boolean equals(Object other) {
            return this == other
                    || (other instanceof State that
                            && hash == that.hash
                            && complete == that.complete
                            && stacks.length == that.stacks.length
                            && (Arrays.equals(stacks, that.stacks) || holdsAll(that)));
        }

        /// Stacks of a state all differ, so that as many that are all there are the same.
        private boolean holdsAll(State that) {
            return new HashSet<>(Arrays.asList(stacks)).containsAll(Arrays.asList(that.stacks));
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private final RuleNetwork network;
    private final Frame bottom = new Frame();

    RuleLanguage(RuleNetwork network) {
        this.network = network;
    }

    @Override
    public State start() {
        Ways ways = new Ways();
        ways.add(bottom, network.reached(network.rootStart()));
        return ways.state();
    }

    @Override
    public Optional<State> next(State state, byte value) {
        Ways ways = new Ways();
        for (Stack stack : state.stacks) {
            for (int part : stack.parts()) {
                if (network.reads(part, value & 0xFF)) {
                    ways.add(stack.frame(), network.reached(network.next(part)));
                }
            }
        }
        if (ways.isEmpty()) {
            return Optional.empty();
        }
        ways.endRules();
        return Optional.of(ways.state());
    }

    @Override
    public boolean complete(State state) {
        return state.complete;
    }

    /// The ways to understand a text, while a byte is read.
    private final class Ways {
        private final Map<Frame, Parts> parts = new HashMap<>();
        private final List<Frame> order = new ArrayList<>();

        void add(Frame frame, int[] added) {
            Parts known = parts.get(frame);
            if (known == null) {
                known = new Parts();
                parts.put(frame, known);
                order.add(frame);
                if (order.size() > Gbnf.STACKS_MAX) {
                    throw new GrammarException(
                            ("the grammar is too ambiguous: a text can be understood in more than"
                                            + " %d ways")
                                    .formatted(Gbnf.STACKS_MAX));
                }
            }
            known.add(added);
        }

        boolean isEmpty() {
            return order.isEmpty();
        }

        /// Goes on in the callers of rules that end here, highest stacks first: what ends there
        /// adds to lower ones only.
        void endRules() {
            PriorityQueue<Frame> queue =
                    new PriorityQueue<>(Comparator.comparingInt(frame -> -frame.depth));
            queue.addAll(order);
            while (!queue.isEmpty()) {
                Frame frame = queue.poll();
                if (frame != bottom && partsOf(frame).end()) {
                    boolean isNew = !parts.containsKey(frame.below);
                    add(frame.below, frame.returns);
                    if (isNew) {
                        queue.add(frame.below);
                    }
                }
            }
        }

        private Parts partsOf(Frame frame) {
            Parts known = parts.get(frame);
            assert known != null;
            return known;
        }

        /// Begins the rules that are called here, lowest stacks first: what they call is higher.
        State state() {
            boolean complete =
                    parts.containsKey(bottom) && partsOf(bottom).end();
            PriorityQueue<Frame> queue =
                    new PriorityQueue<>(Comparator.comparingInt(frame -> frame.depth));
            queue.addAll(order);
            List<Stack> stacks = new ArrayList<>();
            int partCount = 0;
            while (!queue.isEmpty()) {
                Frame frame = queue.poll();
                int[] own = partsOf(frame).sorted();
                call(frame, own, queue);
                int[] reading = reading(own);
                partCount += reading.length;
                if (partCount > STATE_PARTS_MAX) {
                    throw new GrammarException(
                            ("the grammar is too ambiguous: a text can go on at more than %d"
                                            + " parts of it")
                                    .formatted(STATE_PARTS_MAX));
                }
                if (reading.length > 0) {
                    stacks.add(new Stack(frame, reading));
                }
            }
            return new State(stacks.toArray(new Stack[0]), complete);
        }

        private void call(Frame frame, int[] own, PriorityQueue<Frame> queue) {
            Map<Integer, Parts> returns = new TreeMap<>();
            for (int part : own) {
                if (network.kind(part) == RuleNetwork.Kind.CALL) {
                    returns.computeIfAbsent(network.start(part), _ -> new Parts())
                            .add(network.reached(network.next(part)));
                }
            }
            for (Map.Entry<Integer, Parts> call : returns.entrySet()) {
                int[] after = call.getValue().sorted();
                Frame called = new Frame(after, distance(after), frame);
                boolean isNew = !parts.containsKey(called);
                add(called, network.reached(call.getKey()));
                if (isNew) {
                    queue.add(called);
                }
            }
        }

        private int[] reading(int[] own) {
            int count = 0;
            int[] reading = new int[own.length];
            for (int part : own) {
                if (network.kind(part) == RuleNetwork.Kind.BYTES) {
                    reading[count++] = part;
                }
            }
            return Arrays.copyOf(reading, count);
        }
    }

    private int distance(int[] parts) {
        return network.distance(nearest(parts));
    }

    private int nearest(int[] parts) {
        int nearest = parts[0];
        for (int part : parts) {
            if (network.distance(part) < network.distance(nearest)) {
                nearest = part;
            }
        }
        return nearest;
    }

    /// A growing set of parts.
    private static final class Parts {
        private int[] values = {};
        private int count;

        /// How many of the values are sorted, each once.
        private int sortedCount;

        private boolean ends;

        /// @param added sorted
        void add(int[] added) {
            // The end is the lowest part.
            ends |= added[0] == RuleNetwork.END;
            if (count + added.length > values.length) {
                values = Arrays.copyOf(values, 2 * count + added.length);
            }
            System.arraycopy(added, 0, values, count, added.length);
            count += added.length;
            if (count > 4 * sortedCount + added.length) {
                sort();
            }
        }

        private void sort() {
            if (sortedCount == count) {
                return;
            }
            Arrays.sort(values, 0, count);
            int kept = 1;
            for (int i = 1; i < count; i++) {
                if (values[i] != values[kept - 1]) {
                    values[kept++] = values[i];
                }
            }
            count = kept;
            sortedCount = kept;
        }

        boolean end() {
            return ends;
        }

        int[] sorted() {
            sort();
            return Arrays.copyOf(values, count);
        }
    }

    @Override
    public byte[] completion(State state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (state.complete) {
            return bytes.toByteArray();
        }
        Frame frame = bottom;
        int part = RuleNetwork.END;
        int best = Integer.MAX_VALUE;
        for (Stack stack : state.stacks) {
            int nearest = nearest(stack.parts());
            int distance = network.distance(nearest) + stack.frame().distance;
            if (distance < best) {
                best = distance;
                part = nearest;
                frame = stack.frame();
            }
        }
        complete(part, bytes);
        while (frame != bottom) {
            complete(nearest(frame.returns), bytes);
            frame = frame.below;
        }
        return bytes.toByteArray();
    }

    /// Writes a shortest text from a part to the end of its rule.
    private void complete(int from, ByteArrayOutputStream bytes) {
        ArrayDeque<Integer> returns = new ArrayDeque<>();
        int part = from;
        while (part != RuleNetwork.END || !returns.isEmpty()) {
            part =
                    switch (network.kind(part)) {
                        case BYTES -> {
                            bytes.write(network.sample(part));
                            yield network.next(part);
                        }
                        case FORK -> network.nearBranch(part);
                        case CALL -> {
                            returns.push(network.next(part));
                            yield network.start(part);
                        }
                        case END -> returns.pop();
                    };
        }
    }
}
