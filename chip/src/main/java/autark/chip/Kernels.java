package autark.chip;

import autark.chip.quant.TiledMatrix;
import java.util.List;

/// The operations of a forward pass on memory of this machine, each a small work item: a few tiles
/// of a matrix or one row. All sets give the same bits.
public interface Kernels {
    /// Name of the set: `scalar`, and the instruction sets to come.
    String name();

    /// Rows that a tile of a [TiledMatrix] must have for this set.
    int lanes();

    /// Quantizes row `row` of `x` into the same row of `y`.
    void quantize(Rows x, Int8Rows y, int row);

    /// `y = x W^T` for the output rows of consecutive tiles of an integer type.
    void matmul(TiledMatrix weights, TileRange tiles, Int8Rows x, Rows y);

    /// `y = x W^T` for the output rows of consecutive tiles of a float type.
    void matmul(TiledMatrix weights, TileRange tiles, Rows x, Rows y);

    /// Root mean square norm (Zhang and Sennrich 2019) of each span of `weight.columns()` values in
    /// row `row`, in place if `x` is `y`: a whole row, or head by head.
    ///
    /// @param weight one row
    void rmsNorm(Rows x, Rows weight, float epsilon, Rows y, int row);

    /// Turns the heads of row `row` by the angles in the same row of `angles` (Su et al. 2021).
    ///
    /// @param angles cosines, then sines, of the row's position: `[T, ropeDim]`
    void rope(Rows x, int row, RopeShape shape, Rows angles);

    /// Attention of the query heads that share one key head, for the token in row `row`.
    ///
    /// @param blocks keys and values of the token's sequence, from position 0 on
    /// @param position absolute position of the token
    void attend(
            AttentionShape shape,
            Rows q,
            int row,
            int kvHead,
            List<KvBlock> blocks,
            int position,
            Rows o);

    /// `x += y` in row `row`.
    void add(Rows x, Rows y, int row);

    /// `x[row] = factor * y[yRow] + x[row]`.
    void addScaled(Rows x, int row, Rows y, int yRow, float factor);

    /// `x += bias` in row `row`.
    ///
    /// @param bias one row
    void addBias(Rows x, Rows bias, int row);

    /// `x *= factor` in row `row`.
    void scale(Rows x, float factor, int row);

    /// `gate = activation(gate) * up` in row `row` (Shazeer 2020).
    void gate(Activation activation, Rows gate, Rows up, int row);

    /// `x = cap * tanh(x / cap)` in row `row`.
    void softcap(Rows x, float cap, int row);

    /// Softmax over row `row`, in place; the row has at least one value.
    void softmax(Rows x, int row);
}
