package autark.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import autark.engine.sample.TokenLogprob.Ranked;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LogprobsTest {
    @Test
    void areTheLogarithmsOfTheProbabilities() {
        SampleBuffers buffers = new SampleBuffers(3_000);
        for (long seed = 0; seed < 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            float[] logits = new float[3_000];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = random.nextInt(-40, 40) / 4f + (seed % 2 == 0 ? 1e4f : 0);
            }
            int token = random.nextInt(logits.length);
            int topCount = random.nextInt(21);
            float[] given = logits.clone();
            TokenLogprob found = Logprobs.of(given, token, topCount, buffers);
            double best = IntStream.range(0, 3_000).mapToDouble(i -> logits[i]).max().orElseThrow();
            double logOfAll =
                    Math.log(
                            IntStream.range(0, 3_000)
                                    .mapToDouble(i -> Math.exp(logits[i] - best))
                                    .sum());
            assertThat(found.token()).isEqualTo(token);
            assertThat(found.logprob()).isCloseTo(logits[token] - best - logOfAll, within(1e-11));
            List<Integer> ranked =
                    IntStream.range(0, 3_000)
                            .boxed()
                            .sorted(
                                    Comparator.<Integer>comparingDouble(i -> -logits[i])
                                            .thenComparing(Comparator.naturalOrder()))
                            .limit(topCount)
                            .toList();
            assertThat(found.top()).extracting(Ranked::token).as("seed %d", seed).isEqualTo(ranked);
            for (Ranked one : found.top()) {
                assertThat(one.logprob())
                        .isCloseTo(logits[one.token()] - best - logOfAll, within(1e-11));
            }
            assertThat(given).isEqualTo(logits);
        }
    }

    @Test
    void ofFewTokensTellsAsManyAsThereAre() {
        float[] logits = {1, Float.NEGATIVE_INFINITY, 1};
        TokenLogprob found = Logprobs.of(logits, 1, 20, new SampleBuffers(3));
        assertThat(found.logprob()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(found.top())
                .extracting(Ranked::token, ranked -> (float) ranked.logprob())
                .containsExactly(tuple(0, (float) -Math.log(2)), tuple(2, (float) -Math.log(2)));
    }

    @Test
    void refusesWhatIsNoNumberAndTooMany() {
        SampleBuffers buffers = new SampleBuffers(2);
        assertThatExceptionOfType(SamplingException.class)
                .isThrownBy(() -> Logprobs.of(new float[] {0, Float.NaN}, 0, 1, buffers))
                .withMessageStartingWith("logit of token 1: found NaN");
        assertThatExceptionOfType(SamplingException.class)
                .isThrownBy(() -> Logprobs.of(new float[2], 0, 21, buffers))
                .withMessage("top logprobs: found 21, expected 0 to 20");
    }
}
