package autark.text.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// The rules of a grammar as one network of parts that read bytes, call rules, or end a rule.
/// Between them lie forks, which are only passed through. Immutable once made.
///
/// A call with nothing behind it is a fork too: its rule ends where the caller's does. So recursion
/// on the right needs no memory. A call of a rule that may be empty is also passed through; reading
/// a rule once begun then always takes a byte, which is why there must be no recursion on the left.
final class RuleNetwork {
    /// What a part does.
    enum Kind {
        BYTES,
        CALL,
        FORK,
        /// A rule ends.
        END
    }

    /// The one part that ends rules.
    static final int END = 0;

    /// Parts passed or reached from parts, all together.
    private static final int REACHED_MAX = 1 << 21;

    private final List<String> names;
    private final int root;
    private final List<Kind> kinds = new ArrayList<>();

    /// Bytes: the next part and the range.
    private int[] nexts = new int[256];

    private int[] lows = new int[256];
    private int[] highs = new int[256];

    /// By rule its first part.
    private final int[] starts;

    /// Rules in the order in which they are begun, and by rule its place there.
    private final int[] ranked;

    private final int[] ranks;

    /// By part the fewest bytes to the end of its rule.
    private int[] distances = {};

    /// By fork the branch that is the nearer to the end.
    private int[] nearBranches = {};

    /// By part the parts that read, call or end, reached from it without a byte; sorted. Made where
    /// it is asked for: behind bytes, and around calls that return.
    private int[][] reached = {};

    private RuleNetwork(GbnfParser.Rules rules) {
        names = rules.names();
        root = rules.root();
        starts = new int[names.size()];
        ranked = new int[names.size()];
        ranks = new int[names.size()];
    }

    static RuleNetwork of(GbnfParser.Rules rules) {
        RuleNetwork network = new RuleNetwork(rules);
        network.part(Kind.END, 0, 0, 0);
        for (int rule = 0; rule < network.starts.length; rule++) {
            network.starts[rule] = network.compile(rules.bodies().get(rule), END);
        }
        network.findDistances();
        network.rankRules();
        network.findReached();
        return network;
    }

    Kind kind(int part) {
        return kinds.get(part);
    }

    boolean reads(int part, int value) {
        return kinds.get(part) == Kind.BYTES && lows[part] <= value && value <= highs[part];
    }

    /// The part after bytes or a call; the first branch of a fork.
    int next(int part) {
        return nexts[part];
    }

    /// The rule that a call calls; the second branch of a fork.
    private int other(int part) {
        return lows[part];
    }

    int start(int call) {
        return starts[other(call)];
    }

    int rootStart() {
        return starts[root];
    }

    /// The place of a call's rule in an order where rules come after those that may begin with
    /// them.
    int rank(int call) {
        return ranks[other(call)];
    }

    /// The first part of the rule at a place in that order.
    int startOfRank(int rank) {
        return starts[ranked[rank]];
    }

    /// Of some parts of a rule the one that is the nearest to the rule's end.
    int nearest(int[] parts) {
        int nearest = parts[0];
        for (int part : parts) {
            if (distances[part] < distances[nearest]) {
                nearest = part;
            }
        }
        return nearest;
    }

    /// The fewest bytes from a part to the end of its rule.
    int distance(int part) {
        return distances[part];
    }

    /// The byte to complete a text with.
    int sample(int part) {
        return Alphabet.sample(lows[part], highs[part]);
    }

    int nearBranch(int fork) {
        return nearBranches[fork];
    }

    int[] reached(int part) {
        return reached[part];
    }

    private int part(Kind kind, int next, int low, int high) {
        int part = kinds.size();
        if (part == Gbnf.PARTS_MAX) {
            throw new GrammarException(
                    ("the grammar is too large: with its repetitions written out it has more than"
                                    + " %d parts")
                            .formatted(Gbnf.PARTS_MAX));
        }
        if (part == nexts.length) {
            nexts = Arrays.copyOf(nexts, part * 2);
            lows = Arrays.copyOf(lows, part * 2);
            highs = Arrays.copyOf(highs, part * 2);
        }
        kinds.add(kind);
        nexts[part] = next;
        lows[part] = low;
        highs[part] = high;
        return part;
    }

    private int fork(int next, int other) {
        return part(Kind.FORK, next, other, 0);
    }

    /// The part where `node` starts if it goes on at `next`.
    private int compile(GbnfNode node, int next) {
        return switch (node) {
            case GbnfNode.Chars(CodePoints set) -> new Utf8Branches(next).compile(set);
            case GbnfNode.Call(int rule) -> part(Kind.CALL, next, rule, 0);
            case GbnfNode.Sequence(List<GbnfNode> parts) -> {
                int at = next;
                for (GbnfNode part : parts.reversed()) {
                    at = compile(part, at);
                }
                // An empty sequence counts as well, or repeating it would cost nothing.
                yield parts.isEmpty() ? fork(next, next) : at;
            }
            case GbnfNode.Choice(List<GbnfNode> alternatives) -> {
                int at = compile(alternatives.getLast(), next);
                for (int i = alternatives.size() - 2; i >= 0; i--) {
                    at = fork(compile(alternatives.get(i), next), at);
                }
                yield at;
            }
            case GbnfNode.Repeat(GbnfNode body, int min, int max) -> repeat(body, min, max, next);
        };
    }

    private int repeat(GbnfNode body, int min, int max, int next) {
        int at = max == 0 ? fork(next, next) : next;
        if (max == Regex.UNBOUNDED) {
            at = fork(next, next);
            int again = compile(body, at);
            lows[at] = again;
        } else {
            for (int i = min; i < max; i++) {
                at = fork(next, compile(body, at));
            }
        }
        for (int i = 0; i < min; i++) {
            at = compile(body, at);
        }
        return at;
    }

    /// Makes the bytes of a set of characters: a branch for each range of encodings, with common
    /// ends.
    private final class Utf8Branches {
        /// Last code point of one, two and three bytes.
        private static final int[] LENGTH_ENDS = {0x7F, 0x7FF, 0xFFFF};

        private final int next;
        private final Map<Long, Integer> made = new HashMap<>();
        private int first = END;
        private boolean any;

        Utf8Branches(int next) {
            this.next = next;
        }

        int compile(CodePoints set) {
            for (int range = 0; range < set.rangeCount(); range++) {
                add(set.first(range), set.last(range));
            }
            assert any;
            return first;
        }

        private void add(int low, int high) {
            for (int end : LENGTH_ENDS) {
                if (low <= end && end < high) {
                    add(low, end);
                    add(end + 1, high);
                    return;
                }
            }
            for (int bits = 6; high > LENGTH_ENDS[0] && bits <= 18; bits += 6) {
                int tail = (1 << bits) - 1;
                if ((low & ~tail) != (high & ~tail)) {
                    if ((low & tail) != 0) {
                        add(low, low | tail);
                        add((low | tail) + 1, high);
                        return;
                    }
                    if ((high & tail) != tail) {
                        add(low, (high & ~tail) - 1);
                        add(high & ~tail, high);
                        return;
                    }
                }
            }
            branch(low, high);
        }

        /// Code points whose bytes vary one by one.
        private void branch(int low, int high) {
            byte[] lowBytes = utf8(low);
            byte[] highBytes = utf8(high);
            int at = next;
            for (int i = lowBytes.length - 1; i >= 0; i--) {
                at = bytes(lowBytes[i] & 0xFF, highBytes[i] & 0xFF, at);
            }
            first = any ? fork(first, at) : at;
            any = true;
        }

        private int bytes(int low, int high, int after) {
            long key = ((long) after << 16) | low << 8 | high;
            Integer known = made.get(key);
            if (known == null) {
                known = part(Kind.BYTES, after, low, high);
                made.put(key, known);
            }
            return known;
        }

        private static byte[] utf8(int codePoint) {
            return Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
        }
    }

    /// Finds how near parts are to the end of their rule, nearest first: Knuth, "A generalization
    /// of Dijkstra's algorithm", 1977.
    private void findDistances() {
        int count = kinds.size();
        distances = new int[count];
        nearBranches = new int[count];
        Arrays.fill(distances, Integer.MAX_VALUE);
        Backwards backwards = new Backwards();
        boolean[] done = new boolean[count];
        PriorityQueue<Long> queue = new PriorityQueue<>();
        distances[END] = 0;
        queue.add((long) END);
        while (!queue.isEmpty()) {
            int part = (int) (long) queue.poll();
            if (done[part]) {
                continue;
            }
            done[part] = true;
            for (int edge = backwards.first[part]; edge >= 0; edge = backwards.more[edge]) {
                int before = backwards.from[edge];
                long distance = distanceThrough(before, part, done);
                if (distance < distances[before]) {
                    checkDistance(distance);
                    distances[before] = (int) distance;
                    nearBranches[before] = part;
                    queue.add(distance << 32 | before);
                }
            }
        }
        for (int rule = 0; rule < starts.length; rule++) {
            if (!done[starts[rule]]) {
                throw new GrammarException(
                        ("rule '%s' describes no finite text: each of its alternatives needs"
                                        + " itself again")
                                .formatted(names.get(rule)));
            }
        }
    }

    private long distanceThrough(int before, int part, boolean[] done) {
        return switch (kinds.get(before)) {
            case BYTES -> distances[part] + 1L;
            case FORK -> distances[part];
            case CALL -> {
                boolean known = done[nexts[before]] && done[start(before)];
                yield known
                        ? (long) distances[nexts[before]] + distances[start(before)]
                        : Long.MAX_VALUE;
            }
            case END -> throw new IllegalStateException("nothing follows the end of a rule");
        };
    }

    private static void checkDistance(long distance) {
        if (distance > Gbnf.COMPLETION_BYTES_MAX) {
            throw new GrammarException(
                    "the grammar is too large: a rule has no text of %d bytes or less"
                            .formatted(Gbnf.COMPLETION_BYTES_MAX));
        }
    }

    /// The steps of the network backwards, as linked lists.
    private final class Backwards {
        final int[] first = new int[kinds.size()];
        final int[] more = new int[2 * kinds.size()];
        final int[] from = new int[2 * kinds.size()];
        private int count;

        Backwards() {
            Arrays.fill(first, -1);
            for (int part = 0; part < kinds.size(); part++) {
                switch (kinds.get(part)) {
                    case BYTES -> add(part, nexts[part]);
                    case FORK -> {
                        add(part, nexts[part]);
                        add(part, other(part));
                    }
                    case CALL -> {
                        add(part, nexts[part]);
                        add(part, start(part));
                    }
                    case END -> {}
                }
            }
        }

        private void add(int source, int target) {
            from[count] = source;
            more[count] = first[target];
            first[target] = count++;
        }
    }

    /// Takes away, again and again, rules that begin with no other rule that is left: they rank
    /// last. What stays goes round in circles.
    private void rankRules() {
        List<int[]> leftCalls = new ArrayList<>();
        int[] callCounts = new int[starts.length];
        List<List<Integer>> callers = new ArrayList<>();
        for (int rule = 0; rule < starts.length; rule++) {
            callers.add(new ArrayList<>());
        }
        PartSet parts = new PartSet(kinds.size());
        for (int rule = 0; rule < starts.length; rule++) {
            int[] calls = leftCalls(rule, parts);
            leftCalls.add(calls);
            callCounts[rule] = calls.length;
            for (int called : calls) {
                callers.get(called).add(rule);
            }
        }
        List<Integer> free = new ArrayList<>();
        for (int rule = 0; rule < starts.length; rule++) {
            if (callCounts[rule] == 0) {
                free.add(rule);
            }
        }
        for (int i = 0; i < free.size(); i++) {
            for (int caller : callers.get(free.get(i))) {
                if (--callCounts[caller] == 0) {
                    free.add(caller);
                }
            }
        }
        for (int rule = 0; rule < starts.length; rule++) {
            if (callCounts[rule] > 0) {
                throw leftRecursion(rule, leftCalls, callCounts);
            }
        }
        for (int i = 0; i < starts.length; i++) {
            ranked[i] = free.get(starts.length - 1 - i);
            ranks[ranked[i]] = i;
        }
    }

    private GrammarException leftRecursion(int rule, List<int[]> leftCalls, int[] callCounts) {
        List<Integer> path = new ArrayList<>();
        int at = rule;
        while (!path.contains(at)) {
            path.add(at);
            for (int called : leftCalls.get(at)) {
                if (callCounts[called] > 0) {
                    at = called;
                    break;
                }
            }
        }
        StringBuilder circle = new StringBuilder();
        for (int named : path.subList(path.indexOf(at), path.size())) {
            circle.append(names.get(named)).append(" -> ");
        }
        return new GrammarException(
                ("rule '%s' is left-recursive (%s%s): write the recursion on the right, or as a"
                                + " repetition")
                        .formatted(names.get(at), circle, names.get(at)));
    }

    /// The rules that a rule may begin with, each once.
    private int[] leftCalls(int rule, PartSet parts) {
        parts.clear();
        boolean[] called = new boolean[starts.length];
        List<Integer> rules = new ArrayList<>();
        parts.add(starts[rule]);
        for (int i = 0; i < parts.size(); i++) {
            int part = parts.get(i);
            if (kinds.get(part) == Kind.FORK) {
                parts.add(nexts[part]);
                parts.add(other(part));
            } else if (kinds.get(part) == Kind.CALL) {
                if (!called[other(part)]) {
                    called[other(part)] = true;
                    rules.add(other(part));
                }
                if (distances[start(part)] == 0) {
                    parts.add(nexts[part]);
                }
            }
        }
        int[] calls = new int[rules.size()];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = rules.get(i);
        }
        return calls;
    }

    private void findReached() {
        reached = new int[kinds.size()][];
        PartSet parts = new PartSet(kinds.size());
        int count = findReached(rootStart(), parts, 0);
        for (int part = 0; part < reached.length; part++) {
            boolean returns = kinds.get(part) == Kind.CALL && nexts[part] != END;
            if (returns) {
                count += findReached(start(part), parts, count);
            }
            if (returns || kinds.get(part) == Kind.BYTES) {
                count += findReached(nexts[part], parts, count);
            }
        }
    }

    /// How many parts were looked at.
    private int findReached(int from, PartSet parts, int before) {
        if (reached[from] != null) {
            return 0;
        }
        parts.clear();
        parts.add(from);
        int[] found = new int[8];
        int count = 0;
        for (int i = 0; i < parts.size(); i++) {
            int part = parts.get(i);
            boolean passed = pass(part, parts);
            if (!passed) {
                if (count == found.length) {
                    found = Arrays.copyOf(found, count * 2);
                }
                found[count++] = part;
            }
        }
        if (before + parts.size() > REACHED_MAX) {
            throw new GrammarException(
                    "the grammar is too large: its parts lead to more than %d others"
                            .formatted(REACHED_MAX));
        }
        reached[from] = Arrays.copyOf(found, count);
        Arrays.sort(reached[from]);
        return parts.size();
    }

    /// Adds what is reached through a part; whether the part is only passed through.
    private boolean pass(int part, PartSet parts) {
        return switch (kinds.get(part)) {
            case BYTES, END -> false;
            case FORK -> {
                parts.add(nexts[part]);
                parts.add(other(part));
                yield true;
            }
            case CALL -> {
                boolean tail = nexts[part] == END;
                if (tail) {
                    parts.add(start(part));
                } else if (distances[start(part)] == 0) {
                    parts.add(nexts[part]);
                }
                yield tail;
            }
        };
    }

    /// Parts, each once, in the order they come.
    private static final class PartSet {
        private final boolean[] members;
        private final int[] parts;
        private int size;

        PartSet(int partCount) {
            members = new boolean[partCount];
            parts = new int[partCount];
        }

        void add(int part) {
            if (!members[part]) {
                members[part] = true;
                parts[size++] = part;
            }
        }

        int get(int index) {
            return parts[index];
        }

        int size() {
            return size;
        }

        void clear() {
            for (int i = 0; i < size; i++) {
                members[parts[i]] = false;
            }
            size = 0;
        }
    }
}
