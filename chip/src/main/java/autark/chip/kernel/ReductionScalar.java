package autark.chip.kernel;

/// Sums over many values with a fixed shape: 16 virtual lanes, then a tree of halves, so that
/// registers of any width give the same bits.
final class ReductionScalar {
    static final int LANES = 16;

    private ReductionScalar() {}

    /// Sum of squares of the first `count` values.
    static float sumOfSquares(float[] x, int count) {
        float[] lanes = new float[LANES];
        for (int first = 0; first < count; first += LANES) {
            for (int lane = 0; lane < Math.min(LANES, count - first); lane++) {
                lanes[lane] = Math.fma(x[first + lane], x[first + lane], lanes[lane]);
            }
        }
        return tree(lanes);
    }

    /// Adds the upper half to the lower one until one value is left; `values` is overwritten.
    ///
    /// @param values a power of two of them
    static float tree(float[] values) {
        for (int half = values.length / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                values[i] += values[i + half];
            }
        }
        return values[0];
    }
}
