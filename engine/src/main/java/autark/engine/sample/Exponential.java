package autark.engine.sample;

/// The exponential of numbers from minus infinity to 0, with the same bits on every machine.
///
/// It is made of multiplications and additions of doubles alone, in one order, without branches,
/// tables or bit patterns, so that a compiler may compute many at once and cannot change a bit:
/// `e^x` is the 256th power of `e^(x / 256)`, a polynomial. The error is below 1e-12 of the result
/// and 2e-35.
///
/// Below [#ZERO_BELOW] the result is exactly 0, as it is for minus infinity. What is that much
/// unlikelier than the likeliest token could not be drawn anyway: random numbers have 53 bits.
final class Exponential {
    static final double ZERO_BELOW = -80;

    private static final double AT_ZERO = power(ZERO_BELOW);

    private Exponential() {}

    /// Puts `e^((values[i] - maximum) * scale)` into `result`.
    ///
    /// @param maximum the largest of the values
    /// @param scale finite, above 0
    static void fill(float[] values, int count, float maximum, double scale, double[] result) {
        double zeroBelow = ZERO_BELOW;
        double atZero = AT_ZERO;
        double top = maximum;
        // Two loops, for vectors of floats and of doubles have different lengths.
        for (int i = 0; i < count; i++) {
            result[i] = Math.max((values[i] - top) * scale, zeroBelow);
        }
        for (int i = 0; i < count; i++) {
            result[i] = power(result[i]) - atZero;
        }
    }

    /// `e^x` for `x` from [#ZERO_BELOW] to 0.
    private static double power(double x) {
        double r = x * 0x1p-8;
        double p = 1.0 / 39_916_800;
        p = p * r + 1.0 / 3_628_800;
        p = p * r + 1.0 / 362_880;
        p = p * r + 1.0 / 40_320;
        p = p * r + 1.0 / 5_040;
        p = p * r + 1.0 / 720;
        p = p * r + 1.0 / 120;
        p = p * r + 1.0 / 24;
        p = p * r + 1.0 / 6;
        p = p * r + 0.5;
        p = p * r + 1;
        p = p * r + 1;
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        return p * p;
    }
}
