package autark.chip.quant;

import static autark.chip.quant.Layouts.INT;
import static autark.chip.quant.Layouts.SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The fields of one block of a storage type, and how they stand in a file.
///
/// Every type is made of at most three kinds of field: 16-bit floats (`d`, `dmin`), small scales of
/// one byte, and 32-bit words of packed codes. A file keeps them in the order that its inventor
/// chose, with the 6-bit scales of the K types packed over byte borders; here they stand apart and
/// the scales are whole bytes. The same three groups, interleaved over rows, make up a
/// [TiledMatrix], so that one reader of fields serves both.
///
/// Layouts are those of ggml (`ggml-common.h`), whose field names are kept.
///
/// @param halfCount 16-bit floats a block
/// @param byteCount one-byte scales a block, after widening
/// @param wordCount 32-bit words of codes a block
public record BlockFormat(QuantType type, int halfCount, int byteCount, int wordCount) {
    /// Elements that share one float step of a kernel, and one scale of the activations.
    public static final int GROUP_ELEMENTS = 32;

    /// The format of `type`.
    public static BlockFormat of(QuantType type) {
        return switch (type) {
            case F32 -> new BlockFormat(type, 0, 0, 1);
            case F16, BF16 -> new BlockFormat(type, 1, 0, 0);
            case Q4_0, IQ4_NL, MXFP4 -> new BlockFormat(type, 1, 0, 4);
            case Q4_1 -> new BlockFormat(type, 2, 0, 4);
            case Q5_0 -> new BlockFormat(type, 1, 0, 5);
            case Q5_1 -> new BlockFormat(type, 2, 0, 5);
            case Q8_0 -> new BlockFormat(type, 1, 0, 8);

            case Q2_K -> new BlockFormat(type, 2, 16, 16);
            case Q3_K -> new BlockFormat(type, 1, 16, 24);
            case Q4_K -> new BlockFormat(type, 2, 16, 32);
            case Q5_K -> new BlockFormat(type, 2, 16, 40);
            case Q6_K -> new BlockFormat(type, 1, 16, 48);
            case IQ4_XS -> new BlockFormat(type, 1, 8, 32);
        };
    }

    /// Bytes of one block of one row inside a tile.
    public int tileBytesPerRow() {
        return 2 * halfCount + byteCount + 4 * wordCount;
    }

    /// Reads the block of one row that begins at byte `offset` of `source`.
    ///
    /// @param block a block of one lane
    void read(MemorySegment source, long offset, Block block) {
        switch (type) {
            case F32 -> block.words[0] = source.get(INT, offset);
            case F16, BF16 -> block.halves[0] = source.get(SHORT, offset);
            case Q4_0, IQ4_NL, Q8_0 -> readHalvesAndWords(source, offset, 1, block);
            case Q4_1 -> readHalvesAndWords(source, offset, 2, block);
            case Q5_0 -> {
                readHalvesAndWords(source, offset, 1, block);
                block.words[0] = transposeFifthBits(block.words[0]);
            }
            case Q5_1 -> {
                readHalvesAndWords(source, offset, 2, block);
                block.words[0] = transposeFifthBits(block.words[0]);
            }
            case MXFP4 -> {
                block.halves[0] = halfOfE8M0(source.get(ValueLayout.JAVA_BYTE, offset) & 0xFF);
                readWords(source, offset + 1, 0, 4, block);
            }
            case Q2_K -> {
                readBytes(source, offset, 16, block);
                readWords(source, offset + 16, 0, 16, block);
                block.halves[0] = source.get(SHORT, offset + 80);
                block.halves[1] = source.get(SHORT, offset + 82);
            }
            case Q3_K -> {
                readWords(source, offset, 0, 24, block);
                readScalesOfQ3K(source, offset + 96, block.bytes);
                block.halves[0] = source.get(SHORT, offset + 108);
            }
            case Q4_K, Q5_K -> {
                block.halves[0] = source.get(SHORT, offset);
                block.halves[1] = source.get(SHORT, offset + 2);
                readScalesAndMins(source, offset + 4, block.bytes);
                readWords(source, offset + 16, 0, wordCount, block);
            }
            case Q6_K -> {
                readWords(source, offset, 0, 48, block);
                readBytes(source, offset + 192, 16, block);
                block.halves[0] = source.get(SHORT, offset + 208);
            }
            case IQ4_XS -> {
                block.halves[0] = source.get(SHORT, offset);
                readScalesOfIq4Xs(source, offset + 2, block.bytes);
                readWords(source, offset + 8, 0, 32, block);
            }
        }
    }

    /// Bit `4 i + j` to bit `i` of byte `j`, so that element `4 i + j` finds its bit in the byte of
    /// its code, as in the K types.
    private static int transposeFifthBits(int bits) {
        int result = 0;
        for (int element = 0; element < GROUP_ELEMENTS; element++) {
            result |= (bits >>> element & 1) << (element % 4 * 8 + element / 4);
        }
        return result;
    }

    /// Half of the power of two that an E8M0 exponent names (OCP Microscaling, section 5.4.1), as a
    /// bfloat16, which holds it exactly.
    private static short halfOfE8M0(int exponent) {
        return (short) (exponent < 2 ? 0x20 << exponent : (exponent - 1) << 7);
    }

    private void readHalvesAndWords(MemorySegment source, long offset, int halves, Block block) {
        for (int i = 0; i < halves; i++) {
            block.halves[i] = source.get(SHORT, offset + 2L * i);
        }
        readWords(source, offset + 2L * halves, 0, wordCount, block);
    }

    private static void readWords(
            MemorySegment source, long offset, int first, int count, Block block) {
        for (int i = 0; i < count; i++) {
            block.words[first + i] = source.get(INT, offset + 4L * i);
        }
    }

    private static void readBytes(MemorySegment source, long offset, int count, Block block) {
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, block.bytes, 0, count);
    }

    /// Sixteen signed 6-bit scales: four low bits in bytes 0-7, two high bits in bytes 8-11.
    private static void readScalesOfQ3K(MemorySegment source, long offset, byte[] scales) {
        for (int i = 0; i < 16; i++) {
            int low = source.get(ValueLayout.JAVA_BYTE, offset + i % 8) >> (i / 8 * 4) & 0xF;
            int high = source.get(ValueLayout.JAVA_BYTE, offset + 8 + i % 4) >> (i / 4 * 2) & 3;
            scales[i] = (byte) ((low | high << 4) - 32);
        }
    }

    /// Eight 6-bit scales to bytes 0-7 and eight 6-bit mins to bytes 8-15.
    private static void readScalesAndMins(MemorySegment source, long offset, byte[] out) {
        for (int i = 0; i < 4; i++) {
            int scale = source.get(ValueLayout.JAVA_BYTE, offset + i);
            int min = source.get(ValueLayout.JAVA_BYTE, offset + 4 + i);
            int tail = source.get(ValueLayout.JAVA_BYTE, offset + 8 + i);
            out[i] = (byte) (scale & 63);
            out[8 + i] = (byte) (min & 63);
            out[4 + i] = (byte) ((tail & 0xF) | ((scale >> 6 & 3) << 4));
            out[12 + i] = (byte) ((tail >> 4 & 0xF) | ((min >> 6 & 3) << 4));
        }
    }

    /// Eight signed 6-bit scales: two high bits in a 16-bit word, four low bits in four bytes.
    private static void readScalesOfIq4Xs(MemorySegment source, long offset, byte[] scales) {
        int high = source.get(SHORT, offset);
        for (int i = 0; i < 8; i++) {
            int low = source.get(ValueLayout.JAVA_BYTE, offset + 2 + i / 2) >> (i % 2 * 4) & 0xF;
            scales[i] = (byte) ((low | ((high >> (2 * i) & 3) << 4)) - 32);
        }
    }

    /// The fields of one block of several rows, field by field; a reader moves from row to row by
    /// setting `lane`. Reused, so that readers do not allocate.
    static final class Block {
        private static final int HALF_COUNT_MAX = 2;
        private static final int BYTE_COUNT_MAX = 16;
        private static final int WORD_COUNT_MAX = 48;

        final int lanes;
        final short[] halves;
        final byte[] bytes;
        final int[] words;
        int lane;

        Block(int lanes) {
            this.lanes = lanes;
            halves = new short[HALF_COUNT_MAX * lanes];
            bytes = new byte[BYTE_COUNT_MAX * lanes];
            words = new int[WORD_COUNT_MAX * lanes];
        }

        short half(int index) {
            return halves[index * lanes + lane];
        }

        int signedByte(int index) {
            return bytes[index * lanes + lane];
        }

        int word(int index) {
            return words[index * lanes + lane];
        }
    }
}
