package autark.chip.kernel;

/// The functions of the forward pass, made of operations that every chip rounds alike.
///
/// `exp` splits off the power of two (`x = n ln 2 + r`, with ln 2 in two parts) and takes a
/// polynomial in `r`, after Cephes `expf`; the largest relative error is 2 units in the last place.
/// The others are written with it.
final class Polynomials {
    /// Below it the result is zero, so that no denormals arise.
    static final float EXP_MIN = -87.0f;

    static final float EXP_MAX = 88.0f;

    static final float LOG2_E = 1.442695f;
    static final float LN_2_HIGH = 0.6933594f;
    static final float LN_2_LOW = -2.1219444e-4f;

    /// Adding it leaves the nearest whole number in the low bits of the sum.
    static final float ROUNDER = 0x1.8p23f;

    private static final float[] EXP_COEFFICIENTS = {
        1.9875691e-4f, 1.3981999e-3f, 8.333452e-3f, 4.1665796e-2f, 1.6666666e-1f, 0.5f
    };

    static final int EXP_COEFFICIENT_COUNT = EXP_COEFFICIENTS.length;

    static final float SQRT_2_OVER_PI = 0.7978846f;
    static final float GELU_CUBIC = 0.044715f;

    /// Below it tanh takes its odd series, whose coefficients follow.
    static final float TANH_SMALL = 0.125f;

    static final float TANH_C0 = -0.33333334f;
    static final float TANH_C1 = 0.13333334f;
    static final float TANH_C2 = -0.053968254f;

    private Polynomials() {}

    /// Coefficient `index` of the polynomial of [#exp], the highest power first.
    static float expCoefficient(int index) {
        return EXP_COEFFICIENTS[index];
    }

    static float exp(float x) {
        if (!(x >= EXP_MIN)) {
            return 0;
        }
        float clamped = Math.min(x, EXP_MAX);
        float shifted = Math.fma(clamped, LOG2_E, ROUNDER);
        float n = shifted - ROUNDER;
        float r = Math.fma(n, -LN_2_HIGH, clamped);
        r = Math.fma(n, -LN_2_LOW, r);
        float p = EXP_COEFFICIENTS[0];
        for (int i = 1; i < EXP_COEFFICIENTS.length; i++) {
            p = Math.fma(p, r, EXP_COEFFICIENTS[i]);
        }
        p = Math.fma(p, r * r, r) + 1f;
        int exponent = Float.floatToRawIntBits(shifted) << 23;
        return Float.intBitsToFloat(Float.floatToRawIntBits(p) + exponent);
    }

    /// `x * sigmoid(x)` (Elfwing et al. 2017).
    static float silu(float x) {
        return x / (1f + exp(-x));
    }

    /// The tanh form of GELU (Hendrycks and Gimpel 2016), by `1 + tanh(u) = 2 sigmoid(2u)`.
    static float gelu(float x) {
        float u = SQRT_2_OVER_PI * Math.fma(GELU_CUBIC * x * x, x, x);
        return x / (1f + exp(-2f * u));
    }

    /// Near zero the quotient would lose digits, so small arguments take the odd series.
    static float tanh(float x) {
        if (Math.abs(x) < TANH_SMALL) {
            float square = x * x;
            float p = Math.fma(TANH_C2, square, TANH_C1);
            p = Math.fma(p, square, TANH_C0);
            return Math.fma(p * square, x, x);
        }
        float e = exp(2f * x);
        return (e - 1f) / (e + 1f);
    }
}
