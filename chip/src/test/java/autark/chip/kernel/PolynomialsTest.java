package autark.chip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PolynomialsTest {
    @Test
    void expIsWithinTwoUnitsInTheLastPlace() {
        for (float x = -86.9f; x < 88f; x += 0.00137f) {
            float expected = (float) StrictMath.exp(x);
            assertThat(Math.abs(Polynomials.exp(x) - expected))
                    .as("exp(%s)", x)
                    .isLessThanOrEqualTo(2 * Math.ulp(expected));
        }
    }

    @Test
    void expEndsAtZeroAndAtTheLargestArgument() {
        assertThat(Polynomials.exp(0f)).isEqualTo(1f);
        assertThat(Polynomials.exp(-87.1f)).isZero();
        assertThat(Polynomials.exp(Float.NEGATIVE_INFINITY)).isZero();
        assertThat(Polynomials.exp(1e30f)).isEqualTo(Polynomials.exp(88f)).isFinite();
    }

    @Test
    void siluGeluAndTanhFollowTheirDefinitions() {
        for (float value = -20f; value < 20f; value += 0.0031f) {
            double x = value;
            double silu = x / (1 + StrictMath.exp(-x));
            double cubic = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
            double gelu = 0.5 * x * (1 + StrictMath.tanh(cubic));
            assertThat(Math.abs(Polynomials.silu(value) - silu)).isLessThan(2e-6);
            assertThat(Math.abs(Polynomials.gelu(value) - gelu)).isLessThan(4e-6);
            assertThat(Math.abs(Polynomials.tanh(value) - StrictMath.tanh(x))).isLessThan(5e-7);
        }
    }

    @Test
    void tanhKeepsItsDigitsNearZero() {
        for (float x = 1e-6f; x < 0.2f; x *= 1.01f) {
            double expected = StrictMath.tanh(x);
            assertThat(Math.abs(Polynomials.tanh(x) - expected) / expected)
                    .as("tanh(%s)", x)
                    .isLessThan(2e-6);
        }
    }
}
