package autark.chip.quant;

import autark.chip.quant.BlockFormat.Block;

/// One group of 32 weights of one row, taken apart into integers and floats.
///
/// The weight at index `i` is `scale * subscale(i) * q[i] + min * submin(i)`, where the two halves
/// of the group may have sub-scales of their own: `low` for elements 0-15, `high` for 16-31. Types
/// without sub-scales have 1, types without a min have [#NO_MIN].
///
/// Everything that a kernel needs of a storage type is in [#unpack]; the float steps after it are
/// the same for all types.
public final class Codes {
    /// Added to a product it leaves every bit alone, that of a negative zero too.
    static final float NO_MIN = -0.0f;

    private static final byte[] IQ4_VALUES = {
        -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
    };

    /// Twice the values of an E2M1 float, so that they are whole.
    private static final byte[] MXFP4_VALUES = {
        0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12
    };

    public final int[] q = new int[BlockFormat.GROUP_ELEMENTS];
    public float scale;
    public int scaleLow = 1;
    public int scaleHigh = 1;
    public float min = NO_MIN;
    public int minLow = 1;
    public int minHigh = 1;

    Codes() {}

    /// The 16 values of the IQ4 types, as kernels look them up.
    public static byte[] iq4Values() {
        return IQ4_VALUES.clone();
    }

    /// The 16 doubled values of MXFP4.
    public static byte[] mxfp4Values() {
        return MXFP4_VALUES.clone();
    }

    /// Takes apart group `group` of `block`, an integer type.
    void unpack(QuantType type, Block block, int group) {
        switch (type) {
            case Q4_0 -> {
                nibbleHalves(block, 0);
                subtract(8);
                scale = half(block, 0);
            }
            case Q4_1 -> {
                nibbleHalves(block, 0);
                scale = half(block, 0);
                min = half(block, 1);
            }
            case Q5_0 -> {
                nibbleHalves(block, 1);
                fifthBit(block.word(0));
                subtract(16);
                scale = half(block, 0);
            }
            case Q5_1 -> {
                nibbleHalves(block, 1);
                fifthBit(block.word(0));
                scale = half(block, 0);
                min = half(block, 1);
            }
            case Q8_0 -> {
                signedBytes(block);
                scale = half(block, 0);
            }
            case IQ4_NL -> {
                nibbleHalves(block, 0);
                lookUp(IQ4_VALUES);
                scale = half(block, 0);
            }
            case MXFP4 -> {
                nibbleHalves(block, 0);
                lookUp(MXFP4_VALUES);
                scale = Float.intBitsToFloat(block.half(0) << 16);
            }
            case Q2_K -> unpackQ2K(block, group);
            case Q3_K -> unpackQ3K(block, group);
            case Q4_K -> unpackQ4K(block, group);
            case Q5_K -> unpackQ5K(block, group);
            case Q6_K -> unpackQ6K(block, group);
            case IQ4_XS -> {
                nibbleHalves(block, 4 * group);
                lookUp(IQ4_VALUES);
                scale = half(block, 0);
                scaleLow = scaleHigh = block.signedByte(group);
            }
            case F32, F16, BF16 -> throw new IllegalArgumentException(type + " has no codes");
        }
    }

    private void unpackQ2K(Block block, int group) {
        bits(block, group / 4 * 8, group % 4 * 2, 3);
        scale = half(block, 0);
        min = -half(block, 1);
        int low = block.signedByte(2 * group);
        int high = block.signedByte(2 * group + 1);
        scaleLow = low & 0xF;
        scaleHigh = high & 0xF;
        minLow = low >> 4 & 0xF;
        minHigh = high >> 4 & 0xF;
    }

    private void unpackQ3K(Block block, int group) {
        bits(block, 8 + group / 4 * 8, group % 4 * 2, 3);
        for (int i = 0; i < q.length; i++) {
            int high = block.word(i / 4) >>> (i % 4 * 8 + group) & 1;
            q[i] += 4 * high - 4;
        }
        scale = half(block, 0);
        scaleLow = block.signedByte(2 * group);
        scaleHigh = block.signedByte(2 * group + 1);
    }

    private void unpackQ4K(Block block, int group) {
        bits(block, group / 2 * 8, group % 2 * 4, 15);
        scalesAndMins(block, group);
    }

    private void unpackQ5K(Block block, int group) {
        bits(block, 8 + group / 2 * 8, group % 2 * 4, 15);
        for (int i = 0; i < q.length; i++) {
            q[i] |= (block.word(i / 4) >>> (i % 4 * 8 + group) & 1) << 4;
        }
        scalesAndMins(block, group);
    }

    private void unpackQ6K(Block block, int group) {
        int quarter = group % 4;
        bits(block, group / 4 * 16 + quarter % 2 * 8, quarter / 2 * 4, 15);
        int highWords = 32 + group / 4 * 8;
        for (int i = 0; i < q.length; i++) {
            int high = block.word(highWords + i / 4) >>> (i % 4 * 8 + 2 * quarter) & 3;
            q[i] = (q[i] | high << 4) - 32;
        }
        scale = half(block, 0);
        scaleLow = block.signedByte(2 * group);
        scaleHigh = block.signedByte(2 * group + 1);
    }

    private void scalesAndMins(Block block, int group) {
        scale = half(block, 0);
        min = -half(block, 1);
        scaleLow = scaleHigh = block.signedByte(group);
        minLow = minHigh = block.signedByte(8 + group);
    }

    private static float half(Block block, int index) {
        return Float.float16ToFloat(block.half(index));
    }

    /// Elements 0-15 are the low nibbles of 16 bytes, elements 16-31 the high ones.
    private void nibbleHalves(Block block, int first) {
        for (int i = 0; i < 4; i++) {
            int word = block.word(first + i);
            for (int j = 0; j < 4; j++) {
                q[4 * i + j] = word >>> (8 * j) & 0xF;
                q[16 + 4 * i + j] = word >>> (8 * j + 4) & 0xF;
            }
        }
    }

    /// Each of 32 bytes holds one element in the bits of `mask`, `shift` bits up.
    private void bits(Block block, int first, int shift, int mask) {
        for (int i = 0; i < 8; i++) {
            int word = block.word(first + i) >>> shift;
            q[4 * i] = word & mask;
            q[4 * i + 1] = word >>> 8 & mask;
            q[4 * i + 2] = word >>> 16 & mask;
            q[4 * i + 3] = word >>> 24 & mask;
        }
    }

    private void signedBytes(Block block) {
        for (int i = 0; i < 8; i++) {
            int word = block.word(i);
            q[4 * i] = (byte) word;
            q[4 * i + 1] = (byte) (word >> 8);
            q[4 * i + 2] = (byte) (word >> 16);
            q[4 * i + 3] = word >> 24;
        }
    }

    private void fifthBit(int high) {
        for (int i = 0; i < q.length; i++) {
            q[i] |= (high >>> (i % 4 * 8 + i / 4) & 1) << 4;
        }
    }

    private void subtract(int zero) {
        for (int i = 0; i < q.length; i++) {
            q[i] -= zero;
        }
    }

    private void lookUp(byte[] values) {
        for (int i = 0; i < q.length; i++) {
            q[i] = values[q[i]];
        }
    }
}
