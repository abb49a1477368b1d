package autark.text.grammar;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;

/// The texts that follow the rules of a grammar. A reader may understand a text in several ways at
/// once; each is a stack of rules that are not finished. All ways are kept in one graph, Tomita's
/// graph-structured stack: a frame is a rule begun at some place of the text, with all contexts
/// that called it there, so that it is read once for all of them. A state is the frames on top, and
/// for each the parts of its rule that may read the next byte.
///
/// Frames are never changed and share what lies below them. States and frames are equal if they
/// hold the same contexts and parts, in any order. To find that out by walking two graphs would
/// take time without bounds, so each carries a fingerprint of 128 bits of all that it holds, and
/// what has the same fingerprint counts as equal.
///
/// Each rule describes some finite text, so every rule begun can be finished and every state is
/// alive.
final class RuleLanguage implements Language<RuleLanguage.State> {
    /// Parts at which all frames of a state together stand.
    private static final int STATE_PARTS_MAX = 1 << 12;

    /// Parts of a usual state.
    private static final int USUAL_PARTS = 16;

    /// What a frame or state holds, in 128 bits.
    private record Fingerprint(long high, long low) {
        static final Fingerprint NONE = new Fingerprint(0, 0);

        static Fingerprint of(int[] parts, Fingerprint more) {
            long high = more.high;
            long low = more.low;
            for (int part : parts) {
                high = mixed(high + part + 0x9E3779B97F4A7C15L);
                low = mixed(low * 0xD1342543DE82EF95L + part + 1);
            }
            return new Fingerprint(mixed(high + 1), mixed(low + 1));
        }

        /// The same in any order.
        Fingerprint plus(Fingerprint other) {
            return new Fingerprint(high + other.high, low + other.low);
        }

        /// The finalizer of SplitMix64: Steele, Lea, Flood, 2014.
        private static long mixed(long value) {
            long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            return z ^ (z >>> 31);
        }

        @Override
        public int hashCode() {
            return (int) low;
        }
    }

    /// Where a caller goes on when a rule has ended.
    ///
    /// @param returns sorted
    private record Context(int[] returns, Frame below) {}

    /// A rule begun. The bottom has no contexts: where it ends, the text may end.
    private static final class Frame {
        final Context[] contexts;

        /// One more than that of the highest frame below.
        final int depth;

        /// The context that is the nearest to the end of the text, and the fewest bytes from the
        /// end of the rule to there.
        final int nearest;

        final int distance;

        private final Fingerprint fingerprint;

        Frame(Context[] contexts, RuleNetwork network) {
            this.contexts = contexts;
            Fingerprint sum = Fingerprint.NONE;
            int below = -1;
            int best = 0;
            int bestDistance = contexts.length == 0 ? 0 : Integer.MAX_VALUE;
            for (int i = 0; i < contexts.length; i++) {
                Context context = contexts[i];
                sum = sum.plus(Fingerprint.of(context.returns(), context.below().fingerprint));
                below = Math.max(below, context.below().depth);
                int distance =
                        network.distance(network.nearest(context.returns()))
                                + context.below().distance;
                if (distance < bestDistance) {
                    best = i;
                    bestDistance = distance;
                }
            }
            fingerprint = Fingerprint.of(new int[] {contexts.length}, sum);
            depth = below + 1;
            nearest = best;
            distance = bestDistance;
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
            return other instanceof Frame that && fingerprint.equals(that.fingerprint);
        }

        @Override
        public int hashCode() {
            return fingerprint.hashCode();
        }
    }

    /// A frame on top and the parts that read the next byte in it, sorted.
    private record Top(Frame frame, int[] parts) {}

    /// Where a reader stands: the frames on top, and whether the text may end.
    static final class State {
        private final Top[] tops;
        private final int partCount;
        private final boolean complete;
        private final Fingerprint fingerprint;

        private State(Top[] tops, int partCount, boolean complete) {
            this.tops = tops;
            this.partCount = partCount;
            this.complete = complete;
            Fingerprint sum = new Fingerprint(complete ? 1 : 0, 0);
            for (Top top : tops) {
                sum = sum.plus(Fingerprint.of(top.parts(), top.frame().fingerprint));
            }
            this.fingerprint = sum;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof State that && fingerprint.equals(that.fingerprint);
        }

        @Override
        public int hashCode() {
            return fingerprint.hashCode();
        }
    }

    private final RuleNetwork network;
    private final Frame bottom;

    RuleLanguage(RuleNetwork network) {
        this.network = network;
        this.bottom = new Frame(new Context[0], network);
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
        for (Top top : state.tops) {
            for (int part : top.parts()) {
                if (network.reads(part, value & 0xFF)) {
                    ways.add(top.frame(), network.reached(network.next(part)));
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

    @Override
    public int cost(State state) {
        return 1 + state.partCount / USUAL_PARTS;
    }

    /// The frames on top while a byte is read, with their parts.
    private final class Ways {
        private final Map<Frame, Parts> parts = new HashMap<>();
        private final List<Frame> order = new ArrayList<>();

        /// Parts that new frames hold.
        private int heldCount;

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

        /// Goes on in the callers of rules that end here, highest frames first: what ends there
        /// adds to lower ones only.
        void endRules() {
            PriorityQueue<Frame> queue =
                    new PriorityQueue<>(Comparator.comparingInt(frame -> -frame.depth));
            queue.addAll(order);
            while (!queue.isEmpty()) {
                Frame frame = queue.poll();
                if (!partsOf(frame).end()) {
                    continue;
                }
                for (Context context : frame.contexts) {
                    boolean isNew = !parts.containsKey(context.below());
                    add(context.below(), context.returns());
                    if (isNew) {
                        queue.add(context.below());
                    }
                }
            }
        }

        private Parts partsOf(Frame frame) {
            return Objects.requireNonNull(parts.get(frame));
        }

        /// Begins the rules that are called here. A rule is begun after all that may begin with it,
        /// when all its contexts are known.
        State state() {
            boolean complete = parts.containsKey(bottom) && partsOf(bottom).end();
            TreeMap<Integer, Map<Frame, Parts>> calls = new TreeMap<>();
            for (Frame frame : order) {
                call(frame, partsOf(frame).sorted(), calls);
            }
            while (!calls.isEmpty()) {
                Map.Entry<Integer, Map<Frame, Parts>> call = calls.pollFirstEntry();
                int[] begun = network.reached(network.startOfRank(call.getKey()));
                Frame frame = new Frame(contexts(call.getValue()), network);
                add(frame, begun);
                call(frame, begun, calls);
            }
            return state(complete);
        }

        private void call(Frame frame, int[] own, Map<Integer, Map<Frame, Parts>> calls) {
            for (int part : own) {
                if (network.kind(part) == RuleNetwork.Kind.CALL) {
                    calls.computeIfAbsent(network.rank(part), _ -> new LinkedHashMap<>())
                            .computeIfAbsent(frame, _ -> new Parts())
                            .add(network.reached(network.next(part)));
                }
            }
        }

        private Context[] contexts(Map<Frame, Parts> callers) {
            List<Context> contexts = new ArrayList<>();
            for (Map.Entry<Frame, Parts> caller : callers.entrySet()) {
                int[] returns = caller.getValue().sorted();
                heldCount += returns.length;
                contexts.add(new Context(returns, caller.getKey()));
            }
            return contexts.toArray(new Context[0]);
        }

        private State state(boolean complete) {
            List<Top> tops = new ArrayList<>();
            int partCount = 0;
            for (Frame frame : order) {
                int[] own = partsOf(frame).sorted();
                partCount += own.length;
                if (partCount > STATE_PARTS_MAX) {
                    throw new GrammarException(
                            ("the grammar is too ambiguous: a text can go on at more than %d"
                                            + " parts of it")
                                    .formatted(STATE_PARTS_MAX));
                }
                int[] reading = reading(own);
                if (reading.length > 0) {
                    tops.add(new Top(frame, reading));
                }
            }
            return new State(tops.toArray(new Top[0]), partCount + heldCount, complete);
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
        for (Top top : state.tops) {
            int nearest = network.nearest(top.parts());
            int distance = network.distance(nearest) + top.frame().distance;
            if (distance < best) {
                best = distance;
                part = nearest;
                frame = top.frame();
            }
        }
        complete(part, bytes);
        while (frame.contexts.length > 0) {
            Context context = frame.contexts[frame.nearest];
            complete(network.nearest(context.returns()), bytes);
            frame = context.below();
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
