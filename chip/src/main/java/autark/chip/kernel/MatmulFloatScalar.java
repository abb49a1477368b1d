package autark.chip.kernel;

import autark.chip.Rows;
import autark.chip.quant.TiledMatrix;

/// Matrix product of F32, F16 or BF16 weights with f32 activations: the scalar twin. Output `y[t,
/// r]` is one fused multiply-add a column, in order of the columns.
final class MatmulFloatScalar {
    private MatmulFloatScalar() {}

    /// Computes the rows of one tile for all tokens of `x`.
    static void matmul(TiledMatrix weights, int tile, Rows x, Rows y) {
        int columns = weights.columns();
        int rowCount = Math.min(weights.lanes(), weights.rows() - tile * weights.lanes());
        float[][] tileRows = new float[rowCount][columns];
        for (int lane = 0; lane < rowCount; lane++) {
            weights.row(tile * weights.lanes() + lane, tileRows[lane]);
        }
        float[] activations = new float[columns];
        for (int token = 0; token < x.rows(); token++) {
            x.row(token, activations);
            for (int lane = 0; lane < rowCount; lane++) {
                y.set(token, tile * weights.lanes() + lane, dot(tileRows[lane], activations));
            }
        }
    }

    private static float dot(float[] weights, float[] activations) {
        float sum = 0;
        for (int column = 0; column < weights.length; column++) {
            sum = Math.fma(weights[column], activations[column], sum);
        }
        return sum;
    }
}
