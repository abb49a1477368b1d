package autark.chip;

import static java.util.Locale.ROOT;

/// Layout of the keys and values of [#BLOCK_TOKENS] consecutive positions of one layer, a block,
/// aligned at a multiple of that number.
///
/// Keys stand with the positions innermost, `[kvHead, headDim, BLOCK_TOKENS]`, so that a vector
/// lane owns a key; values stand `[kvHead, BLOCK_TOKENS, headDim]`, so that a lane owns an output
/// column. Scales, 16-bit floats, follow the components of each head in the same order: `[headDim /
/// 32, BLOCK_TOKENS]` those of its keys, `[BLOCK_TOKENS, headDim / 32]` those of its values.
///
/// @param headDim a multiple of [#GROUP_COMPONENTS] if the type has scales
public record KvShape(int kvHeadCount, int headDim, KvType type) {
    /// Positions a block; also the span of one step of the streaming softmax.
    public static final int BLOCK_TOKENS = 32;

    /// Components of a head and position that share a scale, if there are scales.
    public static final int GROUP_COMPONENTS = 32;

    public static final int SCALE_BYTES = 2;

    public KvShape {
        if (type.scaled() && headDim % GROUP_COMPONENTS != 0) {
            throw new KvTypeException(
                    "found heads of %d components, expected a multiple of %d for keys and values of type %s; take f16"
                            .formatted(headDim, GROUP_COMPONENTS, type.name().toLowerCase(ROOT)));
        }
    }

    /// Components of the keys, or of the values, of one position.
    public int kvDim() {
        return kvHeadCount * headDim;
    }

    /// Scales of the key, or of the value, of one head and position.
    public int groupCount() {
        return type.scaled() ? headDim / GROUP_COMPONENTS : 0;
    }

    /// Bytes of the keys, or of the values, of one head, their scales included.
    public int headBytes() {
        return componentBytes() + SCALE_BYTES * BLOCK_TOKENS * groupCount();
    }

    /// Bytes from the first component of the keys, or of the values, of a head to their first
    /// scale.
    public int componentBytes() {
        return type.bytes() * BLOCK_TOKENS * headDim;
    }

    /// Bytes of a block.
    public long blockBytes() {
        return 2L * kvHeadCount * headBytes();
    }

    /// Byte offset of component `dim` of the keys of head `kvHead`, position 0 of the block.
    public long keyOffset(int kvHead, int dim) {
        return (long) kvHead * headBytes() + (long) type.bytes() * BLOCK_TOKENS * dim;
    }

    /// Byte offset of the scale of components from `32 * group` on of the keys of head `kvHead`,
    /// position 0 of the block.
    public long keyScaleOffset(int kvHead, int group) {
        return keyOffset(kvHead, 0) + componentBytes() + (long) SCALE_BYTES * BLOCK_TOKENS * group;
    }

    /// Byte offset of the value of head `kvHead` at position `slot` of the block.
    public long valueOffset(int kvHead, int slot) {
        return (long) (kvHeadCount + kvHead) * headBytes() + (long) type.bytes() * slot * headDim;
    }

    /// Byte offset of the scales of the value of head `kvHead` at position `slot` of the block.
    public long valueScaleOffset(int kvHead, int slot) {
        return valueOffset(kvHead, 0) + componentBytes() + (long) SCALE_BYTES * slot * groupCount();
    }
}
