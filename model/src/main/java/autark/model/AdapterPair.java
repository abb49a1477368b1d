package autark.model;

import autark.chip.quant.TiledMatrix;
import autark.model.file.TensorInfo;

/// One low-rank pair of an adapter file: the rows of two tensors that adapt one projection.
///
/// @param a tensor of which `rank` rows, from `firstRowOfA` on, are A
/// @param b tensor of which rows from `firstRowOfB` on are B; its columns are the rank
/// @param rows of B
/// @param headDim width of the heads whose rows the base model has interleaved and the adapter has
///   not; 0 where both have them alike
record AdapterPair(
        TensorInfo a,
        long firstRowOfA,
        TensorInfo b,
        long firstRowOfB,
        int rows,
        float scale,
        int headDim) {
    int rank() {
        return (int) b.columns();
    }

    int columns() {
        return (int) a.columns();
    }

    /// Where row `row` of the base's projection stands in the tensor of B. The base has the two
    /// halves of a head interleaved, so that a pair that turns together lies together.
    long rowOfB(int row) {
        if (headDim == 0) {
            return firstRowOfB + row;
        }
        int inHead = row % headDim;
        long half = inHead % 2;
        return firstRowOfB + row - inHead + half * (headDim / 2) + inHead / 2;
    }

    /// Bytes of both matrices in tiles of `lanes` rows.
    long bytes(int lanes) {
        return TiledMatrix.bytes(a.type(), rank(), columns(), lanes)
                + TiledMatrix.bytes(b.type(), rows, rank(), lanes);
    }
}
