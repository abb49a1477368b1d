package autark.chip.kernel;

import autark.chip.quant.QuantType;

/// Where the code bytes of four consecutive elements stand in the words of a tile: a field of low
/// bits and, for some types, one of high bits.
///
/// @param low word, bits up and mask of the low bits
/// @param high likewise of the high bits; its mask is 0 where there are none
/// @param highShift bits that the high field moves up
record CodeBits(Field low, Field high, int highShift) {
    /// Bits of a word: `(word >> shift) & mask` in each of its four bytes.
    record Field(int word, int shift, int mask) {}

    private static final Field NONE = new Field(0, 0, 0);

    /// The bits of elements `16 half + 4 i` to `16 half + 4 i + 3` of a group.
    static CodeBits of(QuantType type, int group, int half, int i) {
        int column = 4 * half + i;
        int pair = group / 2 * 8 + column;
        int quad = group / 4 * 8 + column;
        return switch (type) {
            case Q4_0, Q4_1, IQ4_NL, MXFP4 -> low(i, 4 * half, 0xF);
            case IQ4_XS -> low(4 * group + i, 4 * half, 0xF);
            case Q5_0, Q5_1 -> high(new Field(1 + i, 4 * half, 0xF), new Field(0, column, 1), 4);
            case Q8_0 -> low(column, 0, 0xFF);
            case Q2_K -> low(quad, group % 4 * 2, 3);
            case Q3_K ->
                    high(new Field(8 + quad, group % 4 * 2, 3), new Field(column, group, 1), 2);
            case Q4_K -> low(pair, group % 2 * 4, 0xF);
            case Q5_K ->
                    high(new Field(8 + pair, group % 2 * 4, 0xF), new Field(column, group, 1), 4);
            case Q6_K -> {
                int word = group / 4 * 16 + group % 2 * 8 + column;
                Field low = new Field(word, group % 4 / 2 * 4, 0xF);
                yield high(low, new Field(32 + quad, group % 4 * 2, 3), 4);
            }
            case F32, F16, BF16 -> throw new IllegalArgumentException(type + " has no codes");
        };
    }

    private static CodeBits low(int word, int shift, int mask) {
        return new CodeBits(new Field(word, shift, mask), NONE, 0);
    }

    private static CodeBits high(Field low, Field high, int highShift) {
        return new CodeBits(low, high, highShift);
    }
}
