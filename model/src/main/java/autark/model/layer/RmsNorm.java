package autark.model.layer;

import autark.chip.Rows;

/// Weight of a root mean square norm.
///
/// @param weight one row, or no row where the model has no such norm
public record RmsNorm(Rows weight, float epsilon) {
    public boolean present() {
        return weight.rows() > 0;
    }
}
