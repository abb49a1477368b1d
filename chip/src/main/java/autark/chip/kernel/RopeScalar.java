package autark.chip.kernel;

import autark.chip.RopeShape;
import autark.chip.Rows;

/// Rotary position embedding: the scalar twin. Component `i` becomes `fma(x[i], P[i], partner *
/// Q[i])` with the factors of [RopeShape].
final class RopeScalar {
    private RopeScalar() {}

    static void rope(Rows x, int row, RopeShape shape, Rows rowFactors) {
        int ropeDim = shape.ropeDim();
        float[] values = x.row(row);
        float[] factors = rowFactors.row(row);
        float[] turned = values.clone();
        for (int head = 0; head < values.length; head += shape.headDim()) {
            for (int i = 0; i < ropeDim; i++) {
                float partner = values[head + shape.partner(i)];
                turned[head + i] =
                        Math.fma(values[head + i], factors[i], partner * factors[ropeDim + i]);
            }
        }
        x.setRow(row, turned);
    }
}
