package autark.text.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A random grammar, and the oldest way to read by it: tries each way, and tells where it ends.
final class NaiveGrammar {
    /// What stands on the right side of a rule.
    sealed interface Node {
        record Letters(String set) implements Node {}

        record Both(Node first, Node second) implements Node {}

        record Either(Node first, Node second) implements Node {}

        record Times(Node body, int min, int max) implements Node {}

        record Rule(int number) implements Node {}
    }

    private static final String[] SETS = {"a", "b", "c", "ab", "bc", "é", "aé", ""};

    private final List<Node> rules = new ArrayList<>();

    NaiveGrammar(SplittableRandom random) {
        int count = random.nextInt(1, 5);
        for (int rule = 0; rule < count; rule++) {
            // A letter before a call, and one alternative without calls: no recursion on the left,
            // and each rule describes some text.
            rules.add(new Node.Either(node(random, 3, count, false), letters(random)));
        }
    }

    /// @param read whether a letter was read before, so that rules may be called
    private static Node node(SplittableRandom random, int depth, int ruleCount, boolean read) {
        if (depth == 0) {
            return read && random.nextInt(3) == 0
                    ? new Node.Rule(random.nextInt(ruleCount))
                    : letters(random);
        }
        return switch (random.nextInt(5)) {
            case 0 ->
                    new Node.Either(
                            node(random, depth - 1, ruleCount, read),
                            node(random, depth - 1, ruleCount, read));
            case 1 ->
                    new Node.Times(
                            node(random, depth - 1, ruleCount, read),
                            random.nextInt(3),
                            random.nextBoolean() ? Regex.UNBOUNDED : random.nextInt(2, 4));
            case 2 -> letters(random);
            default -> {
                Node first = node(random, depth - 1, ruleCount, read);
                yield new Node.Both(
                        first, node(random, depth - 1, ruleCount, read || first(first)));
            }
        };
    }

    /// Whether a node surely reads a letter.
    private static boolean first(Node node) {
        return switch (node) {
            case Node.Letters(String set) -> !set.isEmpty();
            case Node.Both(Node a, Node b) -> first(a) || first(b);
            case Node.Either(Node a, Node b) -> first(a) && first(b);
            case Node.Times(Node body, int min, int _) -> min > 0 && first(body);
            case Node.Rule _ -> false;
        };
    }

    private static Node letters(SplittableRandom random) {
        return new Node.Letters(SETS[random.nextInt(SETS.length)]);
    }

    String source() {
        StringBuilder source = new StringBuilder();
        for (int rule = 0; rule < rules.size(); rule++) {
            source.append(name(rule)).append(" ::= ").append(source(rules.get(rule))).append('\n');
        }
        return source.toString();
    }

    private static String name(int rule) {
        return rule == 0 ? "root" : "r" + rule;
    }

    private static String source(Node node) {
        return switch (node) {
            case Node.Letters(String set) -> set.isEmpty() ? "\"\"" : "[" + set + "]";
            case Node.Both(Node a, Node b) -> "(" + source(a) + " " + source(b) + ")";
            case Node.Either(Node a, Node b) -> "(" + source(a) + " | " + source(b) + ")";
            case Node.Times(Node body, int min, int max) ->
                    "(%s){%d,%s}".formatted(source(body), min, max == Regex.UNBOUNDED ? "" : max);
            case Node.Rule(int number) -> name(number);
        };
    }

    boolean follows(String text) {
        long ends = ends(rules.getFirst(), text, 1L);
        return (ends >> text.length() & 1) != 0;
    }

    /// Where a reading may end, as bits, if it starts where the bits of `starts` are.
    private long ends(Node node, String text, long starts) {
        if (starts == 0) {
            return 0;
        }
        return switch (node) {
            case Node.Letters(String set) -> letterEnds(set, text, starts);
            case Node.Both(Node a, Node b) -> ends(b, text, ends(a, text, starts));
            case Node.Either(Node a, Node b) -> ends(a, text, starts) | ends(b, text, starts);
            case Node.Times(Node body, int min, int max) -> {
                long at = starts;
                for (int i = 0; i < min; i++) {
                    at = ends(body, text, at);
                }
                long all = at;
                for (int i = min; i < max && at != 0; i++) {
                    at = ends(body, text, at);
                    at &= max == Regex.UNBOUNDED ? ~all : -1L;
                    all |= at;
                }
                yield all;
            }
            case Node.Rule(int number) -> ends(rules.get(number), text, starts);
        };
    }

    private static long letterEnds(String set, String text, long starts) {
        if (set.isEmpty()) {
            return starts;
        }
        long ends = 0;
        for (int i = 0; i < text.length(); i++) {
            if ((starts >> i & 1) != 0 && set.indexOf(text.charAt(i)) >= 0) {
                ends |= 2L << i;
            }
        }
        return ends;
    }
}
