package autark.chip;

import autark.chip.quant.TiledMatrix;
import java.lang.foreign.MemorySegment;

/// The operations of a forward pass on memory of this machine, each a small work item: a few tiles
/// of a matrix or one row. All sets give the same bits.
public interface Kernels {
    /// Name of the set: `scalar`, or the instruction set.
    String name();

    /// Rows that a tile of a [TiledMatrix] must have for this set.
    int lanes();

    /// Rows that a panel of [Int8Rows] must have for this set.
    int panelRows();

    /// Does multiplications of int8 codes with addition and nothing else, as fast as the set can.
    ///
    /// @return how many it did
    long multiplyAdds(int rounds);

    /// Fills one tile of a matrix.
    ///
    /// @param stored the rows of the tile as a file has them, one after the other, in memory that
    ///   we own: never a mapped file, which may be cut short
    void pack(TiledMatrix matrix, int tile, MemorySegment stored);

    /// Writes row `row` of a matrix as floats to row `xRow` of `x`.
    void dequantize(TiledMatrix matrix, int row, Rows x, int xRow);

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

    /// Turns the heads of row `row` by the factors in the same row of `factors` (Su et al. 2021).
    ///
    /// @param factors as [RopeShape] says: `[T, 2 * ropeDim]`
    void rope(Rows x, int row, RopeShape shape, Rows factors);

    /// Stores the keys and values of one position.
    ///
    /// @param k all heads' keys in row `row`, `[kvHead, headDim]`
    /// @param position with room in `layer`
    void store(Rows k, Rows v, int row, KvLayer layer, int position);

    /// Attention of the query heads that share one key head, for consecutive tokens of a sequence.
    ///
    /// @param rows rows of `q` and `o`, one a token
    /// @param layer keys and values of the sequence, those of the tokens themselves included
    /// @param position absolute position of the first token
    void attend(
            AttentionShape shape,
            Rows q,
            RowRange rows,
            int kvHead,
            KvLayer layer,
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
