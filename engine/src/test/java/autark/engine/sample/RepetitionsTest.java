package autark.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class RepetitionsTest {
    private static final int VOCAB_SIZE = 8;

    @Test
    void penaltiesAreThoseOfComparingEveryPlace() {
        Repetitions repetitions = new Repetitions();
        for (long seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int variety = random.nextInt(1, VOCAB_SIZE);
            int[] tokens = random.ints(random.nextInt(1, 120), 0, variety).toArray();
            int count = random.nextInt(tokens.length + 1);
            TokenSet breakers = random.nextBoolean() ? TokenSet.none() : TokenSet.of(0, 5);
            Dry dry = new Dry(0.5, 1.3, random.nextInt(1, 5), random.nextInt(1, 130), breakers);
            float[] logits = new float[VOCAB_SIZE];
            int[] longest = new int[VOCAB_SIZE];
            repetitions.read(new TokenHistory(tokens, 0, count), dry);
            repetitions.penalize(logits, tokens, dry, longest);
            assertThat(logits).as("seed %d", seed).isEqualTo(slowly(tokens, count, dry));
            assertThat(longest).containsOnly(0);
        }
    }

    private static float[] slowly(int[] tokens, int count, Dry dry) {
        int start = Math.max(0, count - dry.window());
        int[] longest = new int[VOCAB_SIZE];
        for (int at = start + 1; at < count; at++) {
            int length = 0;
            while (at - 1 - length >= start
                    && tokens[at - 1 - length] == tokens[count - 1 - length]
                    && !dry.breakers().contains(tokens[count - 1 - length])) {
                length++;
            }
            longest[tokens[at]] = Math.max(longest[tokens[at]], length);
        }
        float[] logits = new float[VOCAB_SIZE];
        for (int token = 0; token < VOCAB_SIZE; token++) {
            if (longest[token] >= dry.allowedLength() && !dry.breakers().contains(token)) {
                double penalty = 0.5 * StrictMath.pow(1.3, longest[token] - dry.allowedLength());
                logits[token] = (float) -Math.min(penalty, 10_000);
            }
        }
        return logits;
    }

    @Test
    void aPenaltyStaysANumber() {
        int[] tokens = new int[5_000];
        Repetitions repetitions = new Repetitions();
        Dry dry = Dry.off().withMultiplier(1).withBase(100);
        float[] logits = new float[VOCAB_SIZE];
        repetitions.read(new TokenHistory(tokens, 0, tokens.length), dry);
        repetitions.penalize(logits, tokens, dry, new int[VOCAB_SIZE]);
        assertThat(logits[0]).isEqualTo((float) -Dry.PENALTY_MAX);
    }

    /// Comparing every place would take 5e9 steps for each of these draws.
    @Test
    void aHostileTextTakesLinearTime() {
        int size = 100_000;
        Repetitions repetitions = new Repetitions();
        Dry dry = Dry.off().withMultiplier(1);
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> {
                    for (int period = 1; period <= 20; period++) {
                        int[] tokens = new int[size];
                        for (int i = 0; i < size; i++) {
                            tokens[i] = i % period == 0 ? 1 : 0;
                        }
                        float[] logits = new float[VOCAB_SIZE];
                        repetitions.read(new TokenHistory(tokens, 0, size), dry);
                        repetitions.penalize(logits, tokens, dry, new int[VOCAB_SIZE]);
                        assertThat(logits[tokens[size - period]])
                                .isEqualTo((float) -Dry.PENALTY_MAX);
                    }
                });
    }
}
