package autark.chip;

/// Layout of the keys and values of [#BLOCK_TOKENS] consecutive positions of one layer, a block,
/// aligned at a multiple of that number.
///
/// Keys stand with the positions innermost, `[kvHead, headDim, BLOCK_TOKENS]`, so that a vector
/// lane owns a key; values stand `[kvHead, BLOCK_TOKENS, headDim]`, so that a lane owns an output
/// column.
public record KvShape(int kvHeadCount, int headDim, KvType type) {
    /// Positions a block; also the span of one step of the streaming softmax.
    public static final int BLOCK_TOKENS = 32;

    /// Components of the keys, or of the values, of one position.
    public int kvDim() {
        return kvHeadCount * headDim;
    }

    /// Bytes of a block.
    public long blockBytes() {
        return 2L * type.bytes() * BLOCK_TOKENS * kvDim();
    }

    /// Byte offset of component `dim` of the keys of head `kvHead`, position 0 of the block.
    public long keyOffset(int kvHead, int dim) {
        return (long) type.bytes() * BLOCK_TOKENS * (kvHead * headDim + dim);
    }

    /// Byte offset of the value of head `kvHead` at position `slot` of the block.
    public long valueOffset(int kvHead, int slot) {
        return (long) type.bytes() * (BLOCK_TOKENS * (kvDim() + kvHead * headDim) + slot * headDim);
    }
}
