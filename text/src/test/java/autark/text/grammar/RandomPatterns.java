package autark.text.grammar;

import java.util.SplittableRandom;

/// Patterns that Java and ECMA-262 understand alike, and texts that may match them.
final class RandomPatterns {
    private static final String[] ATOMS = {
        "a", "b", "c", "[^]", "[ab]", "[^a]", "\\d", "\\w", "[a-c]", "é", "[^\\d]", "😁", "[é-😁]",
        "1"
    };

    private static final String[] QUANTIFIERS = {"*", "+", "?", "{2}", "{1,}", "{1,3}", "*?", "+?"};

    private static final String[] LETTERS = {"a", "b", "c", "1", "é", "😁", "_", "\u2028"};

    private RandomPatterns() {}

    static String pattern(SplittableRandom random, int depth) {
        StringBuilder pattern = new StringBuilder();
        int alternatives = random.nextInt(4) == 0 ? 2 : 1;
        for (int i = 0; i < alternatives; i++) {
            pattern.append(i > 0 ? "|" : "");
            pattern.append(random.nextInt(6) == 0 ? "^" : "");
            for (int parts = random.nextInt(4); parts > 0; parts--) {
                boolean group = depth > 0 && random.nextInt(3) == 0;
                pattern.append(
                        group
                                ? (random.nextBoolean() ? "(" : "(?:")
                                        + pattern(random, depth - 1)
                                        + ")"
                                : ATOMS[random.nextInt(ATOMS.length)]);
                if (random.nextInt(3) == 0) {
                    pattern.append(QUANTIFIERS[random.nextInt(QUANTIFIERS.length)]);
                }
            }
            pattern.append(random.nextInt(6) == 0 ? "$" : "");
        }
        return pattern.toString();
    }

    static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(8); length > 0; length--) {
            text.append(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return text.toString();
    }
}
