package autark.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SamplerTest {
    private static final int[] NO_TOKENS = {};

    /// Nothing but the temperature.
    private static final Sampling PLAIN = new Sampling(1, 0, 1, 0, 1, 64, 0, 0, 0);

    /// Probabilities 0.1, 0.5, 0.1, 0.2, 0.1.
    private static final float[] LOGITS = logs(1, 5, 1, 2, 1);

    @Test
    void greedyTakesTheLargestLogitAndOfEqualOnesTheFirst() {
        assertThat(next(Sampling.greedy(), new float[] {1, 3, 3, 2})).isEqualTo(1);
        assertThat(next(Sampling.greedy(), new float[] {Float.NEGATIVE_INFINITY, -5})).isEqualTo(1);
    }

    @Test
    void drawsByProbability() {
        Map<Integer, Double> shares = shares(PLAIN);
        assertThat(shares.get(1)).isCloseTo(0.5, within(0.01));
        assertThat(shares.get(3)).isCloseTo(0.2, within(0.01));
        assertThat(shares.get(0)).isCloseTo(0.1, within(0.01));
    }

    @Test
    void temperatureSharpens() {
        // Squares of the probabilities: 25 / (25 + 4 + 3).
        assertThat(shares(PLAIN.withTemperature(0.5)).get(1)).isCloseTo(25.0 / 32, within(0.01));
    }

    @Test
    void aTinyTemperatureIsGreedy() {
        assertThat(shares(PLAIN.withTemperature(Double.MIN_VALUE)).keySet()).containsExactly(1);
    }

    @Test
    void topKKeepsTheLikeliestAndOfEqualOnesTheFirst() {
        assertThat(shares(PLAIN.withTopK(1)).keySet()).containsExactly(1);
        assertThat(shares(PLAIN.withTopK(3)).keySet()).containsExactlyInAnyOrder(0, 1, 3);
        assertThat(shares(PLAIN.withTopK(100)).keySet()).hasSize(5);
    }

    @Test
    void topPKeepsTheFewestThatSumUp() {
        assertThat(shares(PLAIN.withTopP(0.01)).keySet()).containsExactly(1);
        assertThat(shares(PLAIN.withTopP(0.6)).keySet()).containsExactlyInAnyOrder(1, 3);
        assertThat(shares(PLAIN.withTopP(0.75)).keySet()).containsExactlyInAnyOrder(0, 1, 3);
    }

    @Test
    void topPCountsWhatTopKLeft() {
        // Of the two likeliest, 5/7 is enough for 0.7; of all it would take two.
        assertThat(shares(PLAIN.withTopK(2).withTopP(0.7)).keySet()).containsExactly(1);
        assertThat(shares(PLAIN.withTopP(0.7)).keySet()).hasSize(2);
    }

    @Test
    void minPKeepsWhatIsLikelyBesideTheLikeliest() {
        assertThat(shares(PLAIN.withMinP(0.3)).keySet()).containsExactlyInAnyOrder(1, 3);
        assertThat(shares(PLAIN.withMinP(0.1)).keySet()).hasSize(5);
        assertThat(shares(PLAIN.withMinP(0.999)).keySet()).containsExactly(1);
    }

    @Test
    void limitsLookAtProbabilitiesBeforeTheTemperature() {
        assertThat(shares(PLAIN.withTopP(0.6).withTemperature(50)).keySet())
                .containsExactlyInAnyOrder(1, 3);
    }

    @Test
    void repeatPenaltyDividesPositiveAndMultipliesNegativeLogits() {
        Sampling sampling = Sampling.greedy().withRepeatPenalty(2);
        float[] positive = {3, 2};
        assertThat(next(sampling, positive, 0)).isEqualTo(1);
        float[] negative = {-1, -1.5f};
        assertThat(next(sampling, negative, 0)).isEqualTo(1);
        assertThat(next(sampling, new float[] {5, 2}, 0, 0, 0)).isEqualTo(0);
    }

    @Test
    void frequencyPenaltyCountsAndPresencePenaltyDoesNot() {
        float[] logits = {3, 2.2f, 0};
        assertThat(next(Sampling.greedy().withFrequencyPenalty(0.5), logits, 0)).isEqualTo(0);
        assertThat(next(Sampling.greedy().withFrequencyPenalty(0.5), logits, 0, 0)).isEqualTo(1);
        assertThat(next(Sampling.greedy().withPresencePenalty(0.5), logits, 0, 0)).isEqualTo(0);
        assertThat(next(Sampling.greedy().withPresencePenalty(1), logits, 0)).isEqualTo(1);
    }

    @Test
    void penaltiesLookBackAsFarAsTheWindow() {
        Sampling sampling = Sampling.greedy().withPresencePenalty(1).withRepeatWindow(2);
        float[] logits = {3, 2.5f, 0};
        assertThat(next(sampling, logits, 2, 0)).isEqualTo(1);
        assertThat(next(sampling, logits, 0, 2, 2)).isEqualTo(0);
        assertThat(next(sampling.withRepeatWindow(0), logits, 0)).isEqualTo(0);
    }

    @Test
    void penaltiesLeaveTheLogitsOfTheModelAlone() {
        float[] logits = {3, 2};
        next(Sampling.greedy().withRepeatPenalty(2), logits, 0);
        assertThat(logits).containsExactly(3, 2);
    }

    @Test
    void drawsAgreeWithASortOfTheWholeVocabulary() {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            float[] logits = new float[random.nextInt(1, 200)];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) (random.nextInt(-40, 40) / 4.0);
            }
            Sampling sampling =
                    new Sampling(
                            random.nextDouble(0.2, 2),
                            random.nextInt(0, 30),
                            random.nextDouble(0.3, 1.2) > 1 ? 1 : random.nextDouble(0.3, 1),
                            random.nextBoolean() ? 0 : random.nextDouble(0, 0.5),
                            1,
                            0,
                            0,
                            0,
                            seed);
            assertThat(next(sampling, logits))
                    .as("seed %d, %s", seed, sampling)
                    .isEqualTo(slowNext(sampling, logits));
        }
    }

    @Test
    void theSameSeedDrawsTheSameForEver() {
        Sampler sampler = new Sampler(Sampling.standard().withSeed(2026), 1000);
        float[] logits = new float[1000];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (i * 7919 % 1000) / 100f;
        }
        List<Integer> drawn = new ArrayList<>();
        for (int draw = 0; draw < 8; draw++) {
            drawn.add(sampler.next(logits, NO_TOKENS, 0, draw));
        }
        assertThat(drawn).containsExactly(272, 136, 383, 173, 309, 346, 556, 309);
    }

    @Test
    void aDrawDependsOnItsIndexAlone() {
        Sampling sampling = PLAIN.withSeed(5);
        Sampler sampler = new Sampler(sampling, LOGITS.length);
        List<Integer> forwards = new ArrayList<>();
        List<Integer> backwards = new ArrayList<>();
        for (int draw = 0; draw < 50; draw++) {
            forwards.add(sampler.next(LOGITS, NO_TOKENS, 0, draw));
        }
        for (int draw = 49; draw >= 0; draw--) {
            backwards.addFirst(sampler.next(LOGITS, NO_TOKENS, 0, draw));
        }
        assertThat(backwards).isEqualTo(forwards);
        assertThat(new TreeSet<>(forwards)).hasSizeGreaterThan(2);
    }

    @Test
    void refusesLogitsThatAreNoNumbers() {
        refused(new float[] {0, Float.NaN}, "logit of token 1: found NaN");
        refused(new float[] {Float.NaN, 0}, "logit of token 0: found NaN");
        refused(new float[] {0, Float.POSITIVE_INFINITY}, "logit of token 1: found Infinity");
        refused(new float[] {Float.NEGATIVE_INFINITY}, "all tokens are ruled out");
    }

    private static void refused(float[] logits, String message) {
        for (Sampling sampling : List.of(Sampling.greedy(), Sampling.standard(), PLAIN)) {
            assertThatExceptionOfType(SamplingException.class)
                    .isThrownBy(() -> next(sampling, logits))
                    .withMessageContaining(message);
        }
    }

    private static int next(Sampling sampling, float[] logits, int... tokens) {
        return new Sampler(sampling, logits.length).next(logits, tokens, tokens.length, 0);
    }

    /// How often each token of [#LOGITS] is drawn, as a share.
    private static Map<Integer, Double> shares(Sampling sampling) {
        int draws = 20_000;
        Sampler sampler = new Sampler(sampling, LOGITS.length);
        Map<Integer, Double> shares = new HashMap<>();
        for (int draw = 0; draw < draws; draw++) {
            shares.merge(sampler.next(LOGITS, NO_TOKENS, 0, draw), 1.0 / draws, Double::sum);
        }
        return shares;
    }

    /// The documented order of steps on a sorted list, as plainly as possible.
    private static int slowNext(Sampling sampling, float[] logits) {
        List<Integer> kept =
                new ArrayList<>(
                        IntStream.range(0, logits.length)
                                .boxed()
                                .sorted(
                                        Comparator.<Integer>comparingDouble(i -> -logits[i])
                                                .thenComparing(Comparator.naturalOrder()))
                                .toList());
        float best = logits[kept.getFirst()];
        if (sampling.topK() > 0) {
            kept = kept.subList(0, Math.min(sampling.topK(), kept.size()));
        }
        if (sampling.topP() < 1) {
            double total = kept.stream().mapToDouble(i -> Math.exp(logits[i] - best)).sum();
            double sum = 0;
            int count = 0;
            while (count < kept.size() && sum < sampling.topP() * total) {
                sum += Math.exp(logits[kept.get(count++)] - best);
            }
            kept = kept.subList(0, count);
        }
        kept.removeIf(i -> Math.exp(logits[i] - best) < sampling.minP());
        if (sampling.keepsAll()) {
            kept.sort(Comparator.naturalOrder());
        }
        double[] weights =
                kept.stream()
                        .mapToDouble(i -> Math.exp((logits[i] - best) / sampling.temperature()))
                        .toArray();
        double rest =
                SplitMix64.uniform(sampling.seed(), 0)
                        * IntStream.range(0, weights.length).mapToDouble(i -> weights[i]).sum();
        int drawn = 0;
        while (rest >= weights[drawn]) {
            rest -= weights[drawn++];
        }
        return kept.get(drawn);
    }

    private static float[] logs(double... probabilities) {
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(probabilities[i]);
        }
        return logits;
    }
}
