package autark.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ExponentialTest {
    @Test
    void isNearTheExponential() {
        SplittableRandom random = new SplittableRandom(1);
        float[] values = new float[10_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) -random.nextDouble(0, i < 100 ? 1e-3 : 78);
        }
        values[0] = 0;
        double[] results = new double[values.length];
        Exponential.fill(values, values.length, 0, 1, results);
        for (int i = 0; i < values.length; i++) {
            double expected = StrictMath.exp(values[i]);
            assertThat(results[i])
                    .as("e^%s", values[i])
                    .isCloseTo(expected, within(1e-12 * expected + 2e-35));
        }
        assertThat(results[0]).isEqualTo(1);
    }

    @Test
    void isZeroFarBelow() {
        float[] values = {3, -77, -78, -1e30f, -Float.MAX_VALUE, Float.NEGATIVE_INFINITY};
        double[] results = new double[values.length];
        Exponential.fill(values, values.length, 3, 1, results);
        assertThat(results).containsExactly(1, 0, 0, 0, 0, 0);
    }

    @Test
    void takesEveryScale() {
        double[] results = new double[2];
        Exponential.fill(new float[] {1, Math.nextDown(1f)}, 2, 1, Double.MAX_VALUE, results);
        assertThat(results).containsExactly(1, 0);
        Exponential.fill(new float[] {1, 0}, 2, 1, 0.01, results);
        assertThat(results[1]).isCloseTo(StrictMath.exp(-0.01), within(1e-14));
    }

    /// A change of these bits changes what seeds draw.
    @Test
    void bitsNeverChange() {
        double[] results = new double[4];
        Exponential.fill(new float[] {-0.1f, -1, -10, -70}, 4, 0, 1, results);
        assertThat(results)
                .containsExactly(
                        0.9048374166876416,
                        0.3678794411714431,
                        4.539992976248492E-5,
                        3.975269250769494E-31);
    }
}
