package autark.model.layer;

import autark.chip.Rows;
import autark.chip.quant.TiledMatrix;

/// A projection `y = W x + b`.
///
/// @param weight `[rows, columns]`
/// @param bias one row of `rows` values, or no row
public record Linear(TiledMatrix weight, Rows bias) {
    public boolean biased() {
        return bias.rows() > 0;
    }

    /// Width of the input.
    public int inputDim() {
        return weight.columns();
    }

    /// Width of the output.
    public int outputDim() {
        return weight.rows();
    }
}
