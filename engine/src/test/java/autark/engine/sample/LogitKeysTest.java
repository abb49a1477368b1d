package autark.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LogitKeysTest {
    @Test
    void keysAreInTheOrderOfNumbers() {
        float[] ascending = {
            Float.NEGATIVE_INFINITY,
            -Float.MAX_VALUE,
            -1.5f,
            -1,
            -Float.MIN_NORMAL,
            -Float.MIN_VALUE,
            0,
            Float.MIN_VALUE,
            1,
            Float.MAX_VALUE
        };
        for (int i = 1; i < ascending.length; i++) {
            assertThat(LogitKeys.of(ascending[i])).isGreaterThan(LogitKeys.of(ascending[i - 1]));
        }
        assertThat(LogitKeys.of(-0f)).isEqualTo(LogitKeys.of(0f));
        assertThat(LogitKeys.of(Float.NEGATIVE_INFINITY)).isEqualTo(LogitKeys.NOTHING);
    }

    @Test
    void theLikeliestIsTheFirstOfTheLargest() {
        for (long seed = 0; seed < 200; seed++) {
            float[] logits = randomLogits(seed);
            LogitKeys keys = new LogitKeys(logits.length);
            keys.read(logits);
            int expected = 0;
            for (int i = 1; i < logits.length; i++) {
                expected = logits[i] > logits[expected] ? i : expected;
            }
            assertThat(keys.likeliest()).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void collectsAllFromTheBoundOn() {
        for (long seed = 0; seed < 200; seed++) {
            float[] logits = randomLogits(seed);
            LogitKeys keys = new LogitKeys(logits.length);
            keys.read(logits);
            int k = 1 + (int) (seed % 7);
            int least = keys.reachedBy(k);
            int[] tokens = new int[logits.length];
            int count = keys.collect(least, tokens);
            int[] expected =
                    IntStream.range(0, logits.length)
                            .filter(i -> LogitKeys.of(logits[i]) >= least)
                            .toArray();
            assertThat(Arrays.copyOf(tokens, count)).as("seed %d", seed).isEqualTo(expected);
            assertThat(count).isGreaterThanOrEqualTo(Math.min(k, logits.length));
        }
    }

    @Test
    void findsWhatIsNoNumberInEveryPlace() {
        float[] bad = {Float.NaN, Float.POSITIVE_INFINITY, Float.intBitsToFloat(0xFFC00001)};
        for (int token : new int[] {0, 1, 255, 256, 600, 699}) {
            for (float number : bad) {
                float[] logits = new float[700];
                logits[token] = number;
                assertThatExceptionOfType(SamplingException.class)
                        .isThrownBy(() -> new LogitKeys(logits.length).read(logits))
                        .withMessageStartingWith("logit of token %d: found", token);
            }
        }
    }

    private static float[] randomLogits(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] logits = new float[random.nextInt(1, 2_000)];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = random.nextInt(-20, -2) / 2f;
        }
        return logits;
    }
}
