package autark.chip.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import autark.chip.Activation;
import autark.chip.RopeShape;
import autark.chip.RopeShape.Pairing;
import autark.chip.Rows;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowKernelsTest {
    private final ScalarKernels kernels = new ScalarKernels();
    private final SplittableRandom random = new SplittableRandom(5);

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 48, 576})
    void rmsNormDividesByTheRootOfTheMeanSquare(int width) {
        Rows x = RandomWeights.randomRows(3, 2 * width, random);
        Rows weight = RandomWeights.randomRows(1, width, random);
        Rows y = RandomWeights.rows(3, 2 * width);
        kernels.rmsNorm(x, weight, 1e-5f, y, 1);
        for (int head = 0; head < 2; head++) {
            double squares = 0;
            for (int i = 0; i < width; i++) {
                squares += Math.pow(x.get(1, head * width + i), 2);
            }
            double inverse = 1 / Math.sqrt(squares / width + 1e-5);
            for (int i = 0; i < width; i++) {
                double expected = x.get(1, head * width + i) * inverse * weight.get(0, i);
                assertThat((double) y.get(1, head * width + i))
                        .isCloseTo(expected, within(1e-5 * Math.abs(expected) + 1e-12));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void ropeTurnsThePairsOfEachHeadAndLeavesTheRest(Pairing pairing) {
        RopeShape shape = new RopeShape(pairing, 12, 8);
        Rows x = RandomWeights.randomRows(2, 24, random);
        float[][] before = RandomWeights.toArray(x);
        Rows factors = RandomWeights.rows(2, 16);
        for (int pair = 0; pair < 4; pair++) {
            int first = shape.first(pair);
            int second = shape.partner(first);
            factors.set(1, first, (float) Math.cos(0.3 * pair + 0.1));
            factors.set(1, second, (float) Math.cos(0.3 * pair + 0.1));
            factors.set(1, 8 + first, (float) -Math.sin(0.3 * pair + 0.1));
            factors.set(1, 8 + second, (float) Math.sin(0.3 * pair + 0.1));
        }
        kernels.rope(x, 1, shape, factors);
        for (int head = 0; head < 24; head += 12) {
            for (int pair = 0; pair < 4; pair++) {
                int first = head + (pairing == Pairing.INTERLEAVED ? 2 * pair : pair);
                int second = pairing == Pairing.INTERLEAVED ? first + 1 : first + 4;
                double cos = Math.cos(0.3 * pair + 0.1);
                double sin = Math.sin(0.3 * pair + 0.1);
                double a = before[1][first];
                double b = before[1][second];
                assertThat((double) x.get(1, first)).isCloseTo(a * cos - b * sin, within(1e-6));
                assertThat((double) x.get(1, second)).isCloseTo(a * sin + b * cos, within(1e-6));
            }
            for (int i = head + 8; i < head + 12; i++) {
                assertThat(x.get(1, i)).isEqualTo(before[1][i]);
            }
        }
        assertThat(RandomWeights.toArray(x)[0]).isEqualTo(before[0]);
    }

    @Test
    void softmaxSumsToOneAndKeepsTheRatios() {
        Rows x = RandomWeights.randomRows(1, 37, random);
        float[] before = RandomWeights.toArray(x)[0];
        kernels.softmax(x, 0);
        float[] after = RandomWeights.toArray(x)[0];
        double sum = 0;
        for (int i = 0; i < after.length; i++) {
            sum += after[i];
            double ratio = Math.exp(before[i] - before[0]);
            assertThat(after[i] / after[0] / ratio).isCloseTo(1.0, within(1e-5));
        }
        assertThat(sum).isCloseTo(1.0, within(1e-6));
    }

    @Test
    void gateMultipliesTheActivatedGateWithTheOtherFactor() {
        for (Activation activation : Activation.values()) {
            Rows gate = RandomWeights.randomRows(2, 19, random);
            Rows up = RandomWeights.randomRows(2, 19, random);
            float[][] before = RandomWeights.toArray(gate);
            kernels.gate(activation, gate, up, 1);
            for (int i = 0; i < 19; i++) {
                float x = before[1][i];
                float activated =
                        switch (activation) {
                            case SILU -> Polynomials.silu(x);
                            case GELU -> Polynomials.gelu(x);
                        };
                assertThat(gate.get(1, i)).isEqualTo(activated * up.get(1, i));
                assertThat(gate.get(0, i)).isEqualTo(before[0][i]);
            }
        }
    }

    @Test
    void additionsScalesAndCapsTouchTheirRowOnly() {
        Rows x = RandomWeights.randomRows(2, 5, random);
        Rows y = RandomWeights.randomRows(2, 5, random);
        float[][] before = RandomWeights.toArray(x);
        kernels.add(x, y, 1);
        kernels.addBias(x, y.first(1), 1);
        kernels.addScaled(x, 1, y, 0, 0.5f);
        kernels.scale(x, 2f, 1);
        for (int i = 0; i < 5; i++) {
            float sum = before[1][i] + y.get(1, i) + y.get(0, i);
            float expected = Math.fma(0.5f, y.get(0, i), sum) * 2f;
            assertThat(x.get(1, i)).isEqualTo(expected);
        }
        kernels.softcap(x, 3f, 1);
        for (int i = 0; i < 5; i++) {
            assertThat(Math.abs(x.get(1, i))).isLessThan(3f);
        }
        assertThat(RandomWeights.toArray(x)[0]).isEqualTo(before[0]);
    }
}
