package autark.chip.kernel;

import autark.chip.Rows;

/// Squeezes values into `(-cap, cap)` by tanh: the scalar twin.
final class SoftcapScalar {
    private SoftcapScalar() {}

    static float cap(float x, float cap) {
        return cap == Float.POSITIVE_INFINITY ? x : cap * Polynomials.tanh(x / cap);
    }

    static void softcap(Rows x, int row, float cap) {
        float[] values = x.row(row);
        for (int column = 0; column < values.length; column++) {
            values[column] = cap(values[column], cap);
        }
        x.setRow(row, values);
    }
}
