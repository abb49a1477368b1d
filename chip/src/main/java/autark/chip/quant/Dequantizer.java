package autark.chip.quant;

import autark.chip.quant.BlockFormat.Block;
import java.lang.foreign.MemorySegment;

/// Turns stored elements into the floats that they stand for, with the reference's roundings.
public final class Dequantizer {
    private Dequantizer() {}

    /// Writes `elementCount` floats to the front of `into`.
    ///
    /// @param offset byte offset of the first block in `source`
    /// @param elementCount a whole number of blocks
    public static void dequantize(
            QuantType type, MemorySegment source, long offset, int elementCount, float[] into) {
        BlockFormat format = BlockFormat.of(type);
        Block block = new Block(1);
        Codes codes = new Codes();
        int blockCount = elementCount / type.blockElements();
        for (int blockIndex = 0; blockIndex < blockCount; blockIndex++) {
            format.read(source, offset + (long) blockIndex * type.blockBytes(), block);
            expand(type, block, codes, into, blockIndex * type.blockElements());
        }
    }

    /// Writes the `blockElements` floats of one block to `into` from `first` on.
    static void expand(QuantType type, Block block, Codes codes, float[] into, int first) {
        switch (type) {
            case F32 -> into[first] = Float.intBitsToFloat(block.word(0));
            case F16 -> into[first] = Float.float16ToFloat(block.half(0));
            case BF16 -> into[first] = Float.intBitsToFloat(block.half(0) << 16);
            case Q4_0,
                    Q4_1,
                    Q5_0,
                    Q5_1,
                    Q8_0,
                    Q2_K,
                    Q3_K,
                    Q4_K,
                    Q5_K,
                    Q6_K,
                    IQ4_NL,
                    IQ4_XS,
                    MXFP4 -> {
                int groupCount = type.blockElements() / BlockFormat.GROUP_ELEMENTS;
                for (int group = 0; group < groupCount; group++) {
                    codes.unpack(type, block, group);
                    expandGroup(codes, into, first + group * BlockFormat.GROUP_ELEMENTS);
                }
            }
        }
    }

    private static void expandGroup(Codes codes, float[] into, int first) {
        float scaleLow = codes.scale * codes.scaleLow;
        float scaleHigh = codes.scale * codes.scaleHigh;
        float minLow = codes.min * codes.minLow;
        float minHigh = codes.min * codes.minHigh;
        for (int i = 0; i < 16; i++) {
            into[first + i] = scaleLow * codes.q[i] + minLow;
            into[first + 16 + i] = scaleHigh * codes.q[16 + i] + minHigh;
        }
    }
}
