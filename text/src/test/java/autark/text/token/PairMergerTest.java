package autark.text.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The queue's order against a search for the first pair at each step.
final class PairMergerTest {
    private static final int RANK_COUNT = 60;

    /// @param rankByText pairs by the text they join to: as SentencePiece does it, with equal ranks
    /// @param rankByPair pairs by both their texts, as byte-pair encoding does it
    private record RandomRules(Map<String, Integer> rankByText, Map<String, Integer> rankByPair)
            implements PairRules {
        static RandomRules of(SplittableRandom random, String letters) {
            Map<String, Integer> byText = new HashMap<>();
            Map<String, Integer> byPair = new HashMap<>();
            List<String> symbols =
                    new ArrayList<>(letters.codePoints().mapToObj(Character::toString).toList());
            for (int rank = 0; rank < RANK_COUNT; rank++) {
                String left = symbols.get(random.nextInt(symbols.size()));
                String right = symbols.get(random.nextInt(symbols.size()));
                if (left.length() + right.length() < 12) {
                    symbols.add(left + right);
                    byPair.putIfAbsent(left + " " + right, random.nextInt(RANK_COUNT));
                    if (random.nextInt(4) == 0) {
                        byText.put(left + right, random.nextInt(RANK_COUNT));
                    }
                }
            }
            return new RandomRules(byText, byPair);
        }

        int rank(String left, String right) {
            Integer byPair = rankByPair.get(left + " " + right);
            return byPair != null ? byPair : rankByText.getOrDefault(left + right, NO_RANK);
        }

        @Override
        public int rank(byte[] text, int from, int middle, int to) {
            return rank(
                    new String(text, from, middle - from, StandardCharsets.UTF_8),
                    new String(text, middle, to - middle, StandardCharsets.UTF_8));
        }

        @Override
        public int rankCount() {
            return RANK_COUNT;
        }

        @Override
        public void spell(byte[] text, int from, int to, IntList tokens) {
            throw new AssertionError("joining spells nothing");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ab, 30, 1000",
        "abc, 60, 500",
        "aé中, 40, 500",
        "a, 300, 20",
        "abcd, 5500, 1",
        "ab, 5500, 1",
        "a, 5500, 1"
    })
    void joinsTheLowestRankFirstAndThenTheLeftmost(String letters, int lengthMax, int times) {
        for (long seed = 1; seed <= times; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            RandomRules rules = RandomRules.of(random, letters);
            PairMerger merger = new PairMerger(rules);
            for (int word = 0; word < 2; word++) {
                String text = randomText(random, letters, lengthMax);
                assertThat(joined(merger, text))
                        .as("%s, seed %d", text, seed)
                        .isEqualTo(searched(rules, text));
            }
        }
    }

    private static String randomText(SplittableRandom random, String letters, int lengthMax) {
        StringBuilder text = new StringBuilder();
        for (int i = lengthMax - random.nextInt(lengthMax / 4 + 1); i > 0; i--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }

    private static List<String> joined(PairMerger merger, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        merger.merge(bytes, bytes.length);
        List<String> symbols = new ArrayList<>();
        for (int i = 0; i < merger.symbolCount(); i = merger.next(i)) {
            int from = merger.start(i);
            int to = merger.start(merger.next(i));
            symbols.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        }
        return symbols;
    }

    private static List<String> searched(RandomRules rules, String text) {
        List<String> symbols =
                new ArrayList<>(text.codePoints().mapToObj(Character::toString).toList());
        while (true) {
            int best = 0;
            int bestRank = PairRules.NO_RANK;
            for (int i = 0; i + 1 < symbols.size(); i++) {
                int rank = rules.rank(symbols.get(i), symbols.get(i + 1));
                if (rank < bestRank) {
                    best = i;
                    bestRank = rank;
                }
            }
            if (bestRank == PairRules.NO_RANK) {
                return symbols;
            }
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
    }
}
