package autark.chip.kernel;

import autark.chip.Rows;

/// Softmax over a row: the scalar twin. The sum has the shape of [ReductionScalar]: 16 lanes, then
/// a tree.
final class SoftmaxScalar {
    private SoftmaxScalar() {}

    static void softmax(Rows x, int row) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int column = 0; column < x.columns(); column++) {
            largest = Math.max(largest, x.get(row, column));
        }
        float[] lanes = new float[ReductionScalar.LANES];
        for (int column = 0; column < x.columns(); column++) {
            float value = Polynomials.exp(x.get(row, column) - largest);
            x.set(row, column, value);
            lanes[column % ReductionScalar.LANES] += value;
        }
        float total = ReductionScalar.tree(lanes);
        for (int column = 0; column < x.columns(); column++) {
            x.set(row, column, x.get(row, column) / total);
        }
    }
}
