package autark.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
    }

    @Test
    void takesTheEndsOfEachRange() {
        Sampling ends =
                new Sampling(0, 0, Double.MIN_VALUE, 0, 0.01, 0, -2, 2, Long.MIN_VALUE)
                        .withTemperature(100)
                        .withTopK(Sampling.COUNT_MAX)
                        .withTopP(1)
                        .withMinP(0.999)
                        .withRepeatPenalty(100)
                        .withRepeatWindow(Sampling.COUNT_MAX)
                        .withPresencePenalty(2)
                        .withFrequencyPenalty(-2)
                        .withSeed(Long.MAX_VALUE);
        assertThat(ends)
                .isEqualTo(
                        new Sampling(
                                100,
                                Sampling.COUNT_MAX,
                                1,
                                0.999,
                                100,
                                Sampling.COUNT_MAX,
                                2,
                                -2,
                                Long.MAX_VALUE));
    }

    private static void refused(Supplier<Sampling> change, String message) {
        assertThatExceptionOfType(SamplingException.class)
                .isThrownBy(change::get)
                .withMessageContaining(message);
    }
}
