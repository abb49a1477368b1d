package autark.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CandidatesTest {
    @Test
    void ranksAreThoseOfAFullSort() {
        for (long seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            float[] logits = new float[random.nextInt(1, 300)];
            for (int i = 0; i < logits.length; i++) {
                // Few different values: ties are frequent.
                logits[i] = random.nextInt(20) == 0 ? Float.NEGATIVE_INFINITY : random.nextInt(9);
            }
            int[] expected = sorted(logits);
            Candidates candidates = new Candidates(logits.length);
            candidates.rank(logits);
            for (int query = 0; query < 50; query++) {
                int rank = random.nextInt(logits.length);
                assertThat(candidates.token(rank))
                        .as("seed %d, rank %d", seed, rank)
                        .isEqualTo(expected[rank]);
            }
        }
    }

    @Test
    void startsOverWithOtherLogits() {
        Candidates candidates = new Candidates(3);
        candidates.rank(new float[] {1, 3, 2});
        assertThat(candidates.token(2)).isEqualTo(0);
        candidates.rank(new float[] {5, 1, 2});
        assertThat(candidates.token(0)).isEqualTo(0);
    }

    private static int[] sorted(float[] logits) {
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted(
                        Comparator.<Integer>comparingDouble(token -> -logits[token])
                                .thenComparing(Comparator.naturalOrder()))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
