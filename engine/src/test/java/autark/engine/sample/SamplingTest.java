package autark.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class SamplingTest {
    private final Sampling sampling = Sampling.standard();

    @Test
    void refusesValuesOutOfRangeByName() {
        refused(() -> sampling.withTemperature(-0.1), "temperature: found -0.1, expected 0 to 100");
        refused(() -> sampling.withTemperature(101), "temperature: found 101.0");
        refused(() -> sampling.withTemperature(Double.NaN), "temperature: found NaN");
        refused(() -> sampling.withTopK(-1), "top-k: found -1");
        refused(() -> sampling.withTopK(Integer.MAX_VALUE), "top-k: found 2147483647");
        refused(() -> sampling.withTopP(0), "top-p: found 0.0");
        refused(() -> sampling.withTopP(1.01), "top-p: found 1.01");
        refused(() -> sampling.withTopP(Double.NaN), "top-p: found NaN");
        refused(() -> sampling.withMinP(1), "min-p: found 1.0");
        refused(() -> sampling.withMinP(-0.5), "min-p: found -0.5");
        refused(() -> sampling.withRepeatPenalty(0), "repeat penalty: found 0.0");
        refused(() -> sampling.withRepeatPenalty(1e308), "repeat penalty: found 1.0E308");
        refused(() -> sampling.withRepeatWindow(-1), "repeat window: found -1");
        refused(() -> sampling.withPresencePenalty(2.5), "presence penalty: found 2.5");
        refused(() -> sampling.withPresencePenalty(Double.NaN), "presence penalty: found NaN");
        refused(() -> sampling.withFrequencyPenalty(-3), "frequency penalty: found -3.0");
        refused(() -> sampling.withTypicalP(0), "typical-p: found 0.0");
        refused(() -> sampling.withTopNSigma(-1), "top-n-sigma: found -1.0");
        refused(() -> sampling.withXtc(new Xtc(1.5, 0)), "xtc probability: found 1.5");
        refused(() -> sampling.withXtc(new Xtc(0, Double.NaN)), "xtc threshold: found NaN");
    }

    @Test
    void refusesSettingsOfDryMirostatAndBiasOutOfRangeByName() {
        refused(() -> sampling.withDry(Dry.off().withMultiplier(-1)), "dry multiplier: found -1.0");
        refused(() -> sampling.withDry(Dry.off().withBase(0.5)), "dry base: found 0.5");
        refused(
                () -> sampling.withDry(Dry.off().withAllowedLength(0)),
                "dry allowed length: found 0");
        refused(() -> sampling.withDry(Dry.off().withWindow(-1)), "dry window: found -1");
        refused(
                () -> sampling.withMirostat(new Mirostat(1, 5, 0.1)),
                "mirostat: found 1, expected 0");
        refused(() -> sampling.withMirostat(new Mirostat(2, 0, 0.1)), "mirostat tau: found 0.0");
        refused(() -> sampling.withMirostat(new Mirostat(2, 5, 2)), "mirostat eta: found 2.0");
        refused(() -> sampling.withLogitBias(Map.of(-1, 1.0)), "logit bias, token: found -1");
        refused(
                () -> sampling.withLogitBias(Map.of(5, 101.0)),
                "logit bias of token 5: found 101.0");
        refused(
                () -> sampling.withLogitBias(Map.of(5, Double.POSITIVE_INFINITY)),
                "logit bias of token 5: found Infinity");
        Map<Integer, Double> many = new HashMap<>();
        for (int token = 0; token <= Sampling.BIAS_COUNT_MAX; token++) {
            many.put(token, 1.0);
        }
        refused(
                () -> sampling.withLogitBias(many),
                "logit bias: found 65537, expected at most 65536");
    }

    @Test
    void takesTheEndsOfEachRange() {
        Sampling ends =
                new Sampling(
                                0,
                                0,
                                Double.MIN_VALUE,
                                0,
                                Double.MIN_VALUE,
                                0,
                                new Penalties(0.01, -2, -2, 0),
                                new Xtc(0, 0),
                                new Dry(0, 1, 1, 0, TokenSet.none()),
                                new Mirostat(0, Double.MIN_VALUE, 0),
                                new TreeMap<>(Map.of(0, -100.0)),
                                Long.MIN_VALUE)
                        .withTemperature(100)
                        .withTopK(Sampling.COUNT_MAX)
                        .withTopP(1)
                        .withMinP(0.999)
                        .withTypicalP(1)
                        .withTopNSigma(100)
                        .withRepeatPenalty(100)
                        .withRepeatWindow(Sampling.COUNT_MAX)
                        .withPresencePenalty(2)
                        .withFrequencyPenalty(-2)
                        .withXtc(Xtc.off().withProbability(1).withThreshold(1))
                        .withDry(
                                new Dry(
                                        100,
                                        100,
                                        Sampling.COUNT_MAX,
                                        Sampling.COUNT_MAX,
                                        TokenSet.of(Sampling.COUNT_MAX - 1)))
                        .withMirostat(Mirostat.off().withVersion(2).withTau(100).withEta(1))
                        .withLogitBias(Map.of(1, Double.NEGATIVE_INFINITY))
                        .withSeed(Long.MAX_VALUE);
        assertThat(ends)
                .isEqualTo(
                        new Sampling(
                                100,
                                Sampling.COUNT_MAX,
                                1,
                                0.999,
                                1,
                                100,
                                new Penalties(100, 2, -2, Sampling.COUNT_MAX),
                                new Xtc(1, 1),
                                new Dry(
                                        100,
                                        100,
                                        Sampling.COUNT_MAX,
                                        Sampling.COUNT_MAX,
                                        TokenSet.of(Sampling.COUNT_MAX - 1)),
                                new Mirostat(2, 100, 1),
                                new TreeMap<>(Map.of(1, Double.NEGATIVE_INFINITY)),
                                Long.MAX_VALUE));
    }

    private static void refused(Supplier<Sampling> change, String message) {
        assertThatExceptionOfType(SamplingException.class)
                .isThrownBy(change::get)
                .withMessageContaining(message);
    }
}
