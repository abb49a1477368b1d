package autark.chip;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Keys and values of [#TOKENS] consecutive positions of one layer, aligned at a multiple of
/// [#TOKENS].
///
/// Keys stand with the positions innermost, `[kvHead, headDim, TOKENS]`, so that a vector lane owns
/// a key; values stand `[kvHead, TOKENS, headDim]`, so that a lane owns an output column. Both f32.
///
/// @param data `bytes(kvHeadCount, headDim)` bytes
public record KvBlock(int kvHeadCount, int headDim, MemorySegment data) {
    /// Positions a block; also the span of one step of the streaming softmax.
    public static final int TOKENS = 32;

    /// Bytes of a block.
    public static long bytes(int kvHeadCount, int headDim) {
        return 2L * 4 * TOKENS * kvHeadCount * headDim;
    }

    /// Byte offset of component `dim` of the keys of head `kvHead`, position 0 of the block.
    public long keyOffset(int kvHead, int dim) {
        return 4L * TOKENS * (kvHead * headDim + dim);
    }

    /// Byte offset of the value of head `kvHead` at position `slot` of the block.
    public long valueOffset(int kvHead, int slot) {
        return 4L * (TOKENS * (kvHeadCount * headDim + kvHead * headDim) + slot * headDim);
    }

    /// Stores key and value of one position.
    ///
    /// @param k all heads' keys in row `row`, `[kvHead, headDim]`
    public void store(Rows k, Rows v, int row, int slot) {
        float[] keys = k.row(row);
        for (int kvHead = 0; kvHead < kvHeadCount; kvHead++) {
            for (int dim = 0; dim < headDim; dim++) {
                float component = keys[kvHead * headDim + dim];
                data.set(ValueLayout.JAVA_FLOAT, keyOffset(kvHead, dim) + 4L * slot, component);
            }
            MemorySegment.copy(
                    v.data(),
                    v.offset(row, kvHead * headDim),
                    data,
                    valueOffset(kvHead, slot),
                    4L * headDim);
        }
    }
}
