package autark.chip.kernel;

import autark.chip.Rows;

/// Softmax over a row: the scalar twin. The sum has the shape of [ReductionScalar]: 16 lanes, then
/// a tree.
final class SoftmaxScalar {
    private SoftmaxScalar() {}

    static void softmax(Rows x, int row) {
        float[] values = x.row(row);
        float largest = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            largest = Math.max(largest, value);
        }
        float[] lanes = new float[ReductionScalar.LANES];
        for (int column = 0; column < values.length; column++) {
            values[column] = Polynomials.exp(values[column] - largest);
            lanes[column % ReductionScalar.LANES] += values[column];
        }
        float total = ReductionScalar.tree(lanes);
        for (int column = 0; column < values.length; column++) {
            values[column] /= total;
        }
        x.setRow(row, values);
    }
}
