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
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SamplerTest {
    private static final long[] ALL = {};

    private static final Sampling PLAIN = Sampling.plain();

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
    void drawsAgreeWithTheOracle() {
        for (long seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            float[] logits = randomLogits(random, random.nextInt(1, 300));
            agrees(randomSampling(random, logits.length, seed), logits, random, seed);
        }
    }

    @Test
    void drawsOfManyTokensAgreeWithTheOracle() {
        for (long seed = 0; seed < 150; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            float[] logits = randomLogits(random, random.nextInt(1_200, 4_000));
            Sampling sampling = randomSampling(random, logits.length, seed);
            if (sampling.topK() > 0) {
                sampling = sampling.withTopK(random.nextInt(1, 3_000));
            }
            agrees(sampling, logits, random, seed);
        }
    }

    private static void agrees(
            Sampling sampling, float[] logits, SplittableRandom random, long seed) {
        int[] tokens = new int[random.nextInt(30)];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = random.nextInt(Math.min(logits.length, random.nextInt(1, 6)));
        }
        int promptTokens = random.nextInt(tokens.length + 1);
        long[] allowed = random.nextInt(3) == 0 ? randomMask(random, logits.length) : ALL;
        int expected =
                new SamplingOracle(sampling, logits, tokens)
                        .next(allowed, tokens.length - promptTokens);
        TokenHistory history = new TokenHistory(tokens, promptTokens, tokens.length);
        int drawn =
                new Sampler(sampling, logits.length)
                        .next(logits.clone(), allowed, history, new SampleBuffers(logits.length));
        assertThat(drawn).as("seed %d, %s", seed, sampling).isEqualTo(expected);
    }

    private static float[] randomLogits(SplittableRandom random, int size) {
        float[] logits = new float[size];
        int kind = random.nextInt(6);
        for (int i = 0; i < size; i++) {
            logits[i] =
                    switch (kind) {
                        case 0 -> random.nextInt(-40, 40) / 4f; // many ties
                        case 1 -> 2.5f; // all equal
                        case 2 -> (float) random.nextDouble(-1e38, 1e38);
                        case 3 -> random.nextInt(4) == 0 ? -1e9f : (float) random.nextDouble(-5, 5);
                        case 4 ->
                                random.nextInt(4) == 0
                                        ? Float.NEGATIVE_INFINITY
                                        : (float) random.nextGaussian();
                        default -> (float) (3 * random.nextGaussian());
                    };
        }
        logits[0] = 3; // never all minus infinity, whatever the mask
        return logits;
    }

    private static long[] randomMask(SplittableRandom random, int size) {
        long[] allowed = new long[(size + 63) / 64];
        for (int word = 0; word < allowed.length; word++) {
            allowed[word] = random.nextInt(3) == 0 ? 0 : random.nextLong();
        }
        // Two tokens for sure; bits beyond the vocabulary mean nothing.
        allowed[0] |= 1;
        allowed[(size - 1) / 64] |= -1L << ((size - 1) % 64);
        return allowed;
    }

    private static Sampling randomSampling(SplittableRandom random, int vocabSize, long seed) {
        Sampling sampling =
                Sampling.plain()
                        .withTemperature(random.nextInt(9) == 0 ? 0 : random.nextDouble(0.2, 2))
                        .withSeed(seed);
        if (random.nextInt(3) == 0) {
            sampling = sampling.withTopK(random.nextInt(0, 30));
        }
        if (random.nextInt(3) == 0) {
            sampling = sampling.withTopP(random.nextDouble(0.3, 1));
        }
        if (random.nextInt(3) == 0) {
            sampling = sampling.withMinP(random.nextDouble(0, 0.5));
        }
        if (random.nextInt(3) == 0) {
            sampling = sampling.withTypicalP(random.nextDouble(0.1, 1));
        }
        if (random.nextInt(3) == 0) {
            sampling = sampling.withTopNSigma(random.nextDouble(0.3, 4));
        }
        if (random.nextInt(3) == 0) {
            sampling =
                    sampling.withXtc(new Xtc(random.nextDouble(0.2, 1), random.nextDouble(0, 0.4)));
        }
        if (random.nextInt(3) == 0) {
            sampling =
                    sampling.withLogitBias(
                            Map.of(random.nextInt(vocabSize), random.nextDouble(-100, 100)));
        }
        return withRandomPenalties(sampling, random);
    }

    private static Sampling withRandomPenalties(Sampling sampling, SplittableRandom random) {
        Sampling changed = sampling;
        if (random.nextInt(3) == 0) {
            changed =
                    changed.withPenalties(
                            new Penalties(
                                    random.nextDouble(0.5, 2),
                                    random.nextDouble(-2, 2),
                                    random.nextDouble(-2, 2),
                                    random.nextInt(40)));
        }
        if (random.nextInt(3) == 0) {
            TokenSet breakers = random.nextBoolean() ? TokenSet.none() : TokenSet.of(1, 4);
            changed =
                    changed.withDry(
                            new Dry(
                                    random.nextDouble(0.1, 3),
                                    random.nextDouble(1, 4),
                                    random.nextInt(1, 4),
                                    random.nextInt(0, 40),
                                    breakers));
        }
        return changed;
    }

    @Test
    void buffersOfOtherAnswersChangeNothing() {
        int size = 2_000;
        SampleBuffers used = new SampleBuffers(size);
        for (long seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            float[] logits = randomLogits(random, size);
            Sampling sampling = randomSampling(random, size, seed);
            int[] tokens = random.ints(50, 0, 5).toArray();
            TokenHistory history = new TokenHistory(tokens, 20, tokens.length);
            int fresh =
                    new Sampler(sampling, size)
                            .next(logits.clone(), ALL, history, new SampleBuffers(size));
            int reused = new Sampler(sampling, size).next(logits.clone(), ALL, history, used);
            assertThat(reused).as("seed %d, %s", seed, sampling).isEqualTo(fresh);
        }
    }

    @Test
    void buffersOfAFailedDrawChangeNothing() {
        SampleBuffers buffers = new SampleBuffers(3);
        Sampler sampler = new Sampler(Sampling.greedy().withFrequencyPenalty(1), 3);
        TokenHistory foreign = new TokenHistory(new int[] {0, 7}, 0, 2);
        assertThatExceptionOfType(ArrayIndexOutOfBoundsException.class)
                .isThrownBy(() -> sampler.next(new float[3], ALL, foreign, buffers));
        // Once it has lost 1; if it counted twice it would be less likely than the next.
        TokenHistory history = new TokenHistory(new int[] {0}, 0, 1);
        assertThat(sampler.next(new float[] {3, 1.5f, 0}, ALL, history, buffers)).isZero();
    }

    @Test
    void whatIsNotAllowedIsOutBeforeAllElse() {
        float[] logits = {Float.NaN, 1, 2, 9};
        for (Sampling sampling :
                List.of(Sampling.greedy(), Sampling.standard().withTopK(1), mirostat(0.01))) {
            assertThat(next(sampling, logits, new long[] {0b0110})).isEqualTo(2);
        }
        assertThatExceptionOfType(SamplingException.class)
                .isThrownBy(() -> next(PLAIN, logits, new long[] {0}))
                .withMessageContaining("all tokens are ruled out");
    }

    @Test
    void biasAddsAndRulesOut() {
        float[] logits = {1, 2, 3};
        assertThat(next(Sampling.greedy().withLogitBias(Map.of(0, 2.5)), logits)).isEqualTo(0);
        Sampling banned =
                Sampling.greedy().withLogitBias(Map.of(2, Double.NEGATIVE_INFINITY, 1, -100.0));
        assertThat(next(banned, logits)).isEqualTo(0);
        assertThatExceptionOfType(SamplingException.class)
                .isThrownBy(() -> new Sampler(Sampling.greedy().withLogitBias(Map.of(3, 1.0)), 3))
                .withMessageContaining("logit bias, token: found 3, expected 0 to 2");
    }

    @Test
    void typicalDropsTheTooExpectedAndTheUnexpected() {
        // The entropy is 1.98 bits; a probability of 0.2 (2.3 bits) is nearest, then 0.5 (1 bit).
        assertThat(shares(PLAIN.withTypicalP(0.1)).keySet()).containsExactly(3);
        assertThat(shares(PLAIN.withTypicalP(0.3)).keySet()).containsExactlyInAnyOrder(1, 3);
    }

    @Test
    void xtcDropsTheTopChoicesButTheLast() {
        Sampling always = PLAIN.withXtc(new Xtc(1, 0.15));
        assertThat(shares(always).keySet()).containsExactlyInAnyOrder(0, 2, 3, 4);
        Map<Integer, Double> half = shares(PLAIN.withXtc(new Xtc(0.5, 0.15)));
        assertThat(half.get(1)).isCloseTo(0.25, within(0.01));
        assertThat(shares(PLAIN.withXtc(new Xtc(1, 0.4))).keySet()).hasSize(5);
        // With a threshold of 0 all are top choices; of equal ones the largest id is the last.
        assertThat(shares(PLAIN.withXtc(new Xtc(1, 0))).keySet()).containsExactly(4);
    }

    @Test
    void topNSigmaKeepsWhatIsNearTheLargest() {
        float[] logits = {10, 9, 0, 0, 0, 0, 0, 0, Float.NEGATIVE_INFINITY};
        // Mean 2.375, standard deviation 4.12.
        assertThat(shares(PLAIN.withTopNSigma(0.1), logits).keySet()).containsExactly(0);
        assertThat(shares(PLAIN.withTopNSigma(0.3), logits).keySet())
                .containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void mirostatIsThePublishedAlgorithm() {
        for (long seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int size = random.nextInt(2, 1_000);
            Mirostat mirostat =
                    new Mirostat(2, random.nextDouble(0.5, 6), random.nextDouble(0.05, 1));
            double temperature = random.nextDouble(0.3, 2);
            Sampling sampling =
                    PLAIN.withMirostat(mirostat).withTemperature(temperature).withSeed(seed);
            Sampler sampler = new Sampler(sampling, size);
            SampleBuffers buffers = new SampleBuffers(size);
            double mu = 2 * mirostat.tau();
            for (int draw = 0; draw < 50; draw++) {
                float[] logits = new float[size];
                for (int i = 0; i < size; i++) {
                    logits[i] = (float) (3 * random.nextGaussian());
                }
                List<Integer> ranked =
                        IntStream.range(0, size)
                                .boxed()
                                .sorted(Comparator.comparingDouble(i -> -logits[i]))
                                .toList();
                double[] p =
                        softmax(
                                ranked.stream()
                                        .mapToDouble(i -> logits[i] / temperature)
                                        .toArray());
                int kept = 1;
                while (kept < size && -Math.log(p[kept]) / Math.log(2) <= mu) {
                    kept++;
                }
                double sum = DoubleStream.of(p).limit(kept).sum();
                double rest = SplitMix64.uniform(seed, draw) * sum;
                int rank = 0;
                while (rest >= p[rank]) {
                    rest -= p[rank++];
                }
                mu -= mirostat.eta() * (-Math.log(p[rank] / sum) / Math.log(2) - mirostat.tau());
                TokenHistory history = new TokenHistory(new int[draw], 0, draw);
                assertThat(sampler.next(logits, ALL, history, buffers))
                        .as("seed %d, draw %d", seed, draw)
                        .isEqualTo(ranked.get(rank));
            }
        }
    }

    private static double[] softmax(double[] x) {
        double best = DoubleStream.of(x).max().orElseThrow();
        double total = DoubleStream.of(x).map(v -> Math.exp(v - best)).sum();
        return DoubleStream.of(x).map(v -> Math.exp(v - best) / total).toArray();
    }

    private static Sampling mirostat(double tau) {
        return PLAIN.withMirostat(new Mirostat(2, tau, 0.1));
    }

    /// Chi-square over 40 cells; the bound is passed by chance once in a million.
    @Test
    void drawsFollowTheDistribution() {
        int size = 40;
        float[] logits = new float[size];
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < size; i++) {
            logits[i] = (float) random.nextDouble(-1.5, 1.5);
        }
        for (double temperature : new double[] {0.5, 1, 3}) {
            Sampling sampling = PLAIN.withTemperature(temperature).withSeed(11);
            for (Sampling s : List.of(sampling, sampling.withTopK(size))) {
                int draws = 200_000;
                double[] p =
                        softmax(
                                IntStream.range(0, size)
                                        .mapToDouble(i -> logits[i] / temperature)
                                        .toArray());
                Map<Integer, Double> shares = shares(s, logits, draws);
                double chiSquare = 0;
                for (int i = 0; i < size; i++) {
                    double difference = shares.getOrDefault(i, 0.0) - p[i];
                    chiSquare += draws * difference * difference / p[i];
                }
                assertThat(chiSquare).as("temperature %s", temperature).isBetween(10.0, 95.0);
            }
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
            drawn.add(draw(sampler, logits, draw));
        }
        assertThat(drawn).containsExactly(272, 136, 383, 173, 309, 346, 556, 309);
    }

    @Test
    void aDrawDependsOnItsIndexAlone() {
        Sampler sampler = new Sampler(PLAIN.withSeed(5), LOGITS.length);
        List<Integer> forwards = new ArrayList<>();
        List<Integer> backwards = new ArrayList<>();
        for (int draw = 0; draw < 50; draw++) {
            forwards.add(draw(sampler, LOGITS, draw));
        }
        for (int draw = 49; draw >= 0; draw--) {
            backwards.addFirst(draw(sampler, LOGITS, draw));
        }
        assertThat(backwards).isEqualTo(forwards);
        assertThat(new TreeSet<>(forwards)).hasSizeGreaterThan(2);
    }

    private static int draw(Sampler sampler, float[] logits, int drawIndex) {
        TokenHistory history = new TokenHistory(new int[drawIndex], 0, drawIndex);
        return sampler.next(logits.clone(), ALL, history, new SampleBuffers(logits.length));
    }

    @Test
    void refusesLogitsThatAreNoNumbers() {
        refused(new float[] {0, Float.NaN}, "logit of token 1: found NaN");
        refused(new float[] {Float.NaN, 0}, "logit of token 0: found NaN");
        refused(new float[] {0, Float.POSITIVE_INFINITY}, "logit of token 1: found Infinity");
        refused(new float[] {Float.NEGATIVE_INFINITY}, "all tokens are ruled out");
    }

    private static void refused(float[] logits, String message) {
        for (Sampling sampling :
                List.of(Sampling.greedy(), Sampling.standard(), PLAIN, mirostat(1))) {
            assertThatExceptionOfType(SamplingException.class)
                    .isThrownBy(() -> next(sampling, logits))
                    .withMessageContaining(message);
        }
    }

    private static int next(Sampling sampling, float[] logits, int... tokens) {
        return new Sampler(sampling, logits.length)
                .next(
                        logits.clone(),
                        ALL,
                        new TokenHistory(tokens, tokens.length, tokens.length),
                        new SampleBuffers(logits.length));
    }

    private static int next(Sampling sampling, float[] logits, long[] allowed) {
        return new Sampler(sampling, logits.length)
                .next(
                        logits.clone(),
                        allowed,
                        new TokenHistory(new int[0], 0, 0),
                        new SampleBuffers(logits.length));
    }

    private static Map<Integer, Double> shares(Sampling sampling) {
        return shares(sampling, LOGITS);
    }

    private static Map<Integer, Double> shares(Sampling sampling, float[] logits) {
        return shares(sampling, logits, 20_000);
    }

    /// How often each token is drawn, as a share.
    private static Map<Integer, Double> shares(Sampling sampling, float[] logits, int draws) {
        Sampler sampler = new Sampler(sampling, logits.length);
        SampleBuffers buffers = new SampleBuffers(logits.length);
        int[] tokens = new int[draws];
        Map<Integer, Double> shares = new HashMap<>();
        for (int draw = 0; draw < draws; draw++) {
            TokenHistory history = new TokenHistory(tokens, 0, draw);
            shares.merge(
                    sampler.next(logits.clone(), ALL, history, buffers), 1.0 / draws, Double::sum);
        }
        return shares;
    }

    private static float[] logs(double... probabilities) {
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(probabilities[i]);
        }
        return logits;
    }
}
