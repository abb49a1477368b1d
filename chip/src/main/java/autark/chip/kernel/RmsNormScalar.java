package autark.chip.kernel;

import autark.chip.Rows;

/// Root mean square norm: the scalar twin.
final class RmsNormScalar {
    private RmsNormScalar() {}

    static void rmsNorm(Rows x, Rows weight, float epsilon, Rows y, int row) {
        int width = weight.columns();
        float[] values = x.row(row);
        float[] factors = weight.row(0);
        float[] span = new float[width];
        for (int first = 0; first < values.length; first += width) {
            System.arraycopy(values, first, span, 0, width);
            float mean = ReductionScalar.sumOfSquares(span, width) / width;
            float inverse = 1f / (float) Math.sqrt(mean + epsilon);
            for (int i = 0; i < width; i++) {
                values[first + i] = span[i] * inverse * factors[i];
            }
        }
        y.setRow(row, values);
    }
}
