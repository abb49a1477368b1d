package autark.model.layer;

import autark.chip.Rows;
import autark.chip.quant.TiledMatrix;
import java.util.Optional;

/// A projection `y = W x + b`, and what an adapter adds to it.
///
/// @param weight `[rows, columns]`
/// @param bias one row of `rows` values, or no row
public record Linear(TiledMatrix weight, Rows bias, Optional<LowRank> lowRank) {
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
