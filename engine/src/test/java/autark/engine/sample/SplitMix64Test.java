package autark.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SplitMix64Test {
    /// The JDK's SplittableRandom is the same generator; its increment is the same constant for
    /// every one that is made of a seed.
    @Test
    void givesTheNumbersOfThePublishedGenerator() {
        for (long seed : new long[] {0, 1, -1, 1234567890123L, Long.MIN_VALUE}) {
            SplittableRandom published = new SplittableRandom(seed);
            for (int position = 0; position < 100; position++) {
                double expected = (published.nextLong() >>> 11) * 0x1p-53;
                assertThat(SplitMix64.uniform(seed, position))
                        .as("seed %d, position %d", seed, position)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void numbersOfASeedNeverChange() {
        assertThat(SplitMix64.uniform(0, 0)).isEqualTo(0.8833108082136426);
    }

    @Test
    void isUniform() {
        int[] counts = new int[10];
        for (int position = 0; position < 100_000; position++) {
            counts[(int) (10 * SplitMix64.uniform(42, position))]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(9_600, 10_400);
        }
    }
}
