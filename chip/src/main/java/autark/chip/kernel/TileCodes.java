package autark.chip.kernel;

import static autark.chip.kernel.At.at;

import autark.chip.Int8Rows;
import autark.chip.quant.BlockFormat;
import autark.chip.quant.Codes;
import autark.chip.quant.QuantType;

/// Emits how the codes, scales and mins of an integer type are taken out of a block of a tile: all
/// that differs between types. The values stand as [CodeBits] and [BlockFormat] say.
///
/// A weight is `scale * (code - zero) + min`; scale and min are products of a float of the block
/// and a small integer of the span, hence exact. Codes of the table types are signed and have no
/// zero.
final class TileCodes {
    private static final int NIBBLES = 0x0F0F0F0F;
    private static final int TWO_BITS = 0x03030303;
    private static final int ONE_BITS = 0x01010101;
    private static final int SIGN_BITS = 0x80808080;

    private final VectorMachine machine;
    private final QuantType type;
    private final BlockFormat format;
    private final Reg block;
    private final VReg lowMask;
    private final VReg aux;

    /// What sums start at: the 32-bit integer at byte `field` of a group of activations, shifted
    /// right; no field for zero.
    record Zero(int field, int shift) {
        static final Zero NONE = new Zero(0, 0);
    }

    /// @param block register that points to the block
    /// @param lowMask keeps the mask of the codes from [#prepare] on
    /// @param aux keeps the mask of their high bits, or a table of values
    TileCodes(VectorMachine machine, QuantType type, Reg block, VReg lowMask, VReg aux) {
        this.machine = machine;
        this.type = type;
        this.format = BlockFormat.of(type);
        this.block = block;
        this.lowMask = lowMask;
        this.aux = aux;
    }

    /// Whether the two halves of a group have scales of their own.
    boolean scaledHalves() {
        return MatmulInt8Scalar.scaledHalves(type);
    }

    boolean hasMin() {
        return MatmulInt8Scalar.hasMin(type);
    }

    boolean signed() {
        return switch (type) {
            case Q8_0, IQ4_NL, IQ4_XS, MXFP4 -> true;
            case F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> false;
        };
    }

    /// The largest unsigned code.
    int codeMax() {
        return switch (type) {
            case Q2_K -> 3;
            case Q3_K -> 7;
            case Q4_0, Q4_1, Q4_K -> 15;
            case Q5_0, Q5_1, Q5_K -> 31;
            case Q6_K -> 63;
            case Q8_0, IQ4_NL, IQ4_XS, MXFP4 -> 255;
            case F32, F16, BF16 -> throw noCodes();
        };
    }

    /// What unsigned codes stand above the values.
    int zeroPoint() {
        return switch (type) {
            case Q4_0 -> 8;
            case Q5_0 -> 16;
            case Q3_K -> 4;
            case Q6_K -> 32;
            case Q4_1, Q5_1, Q2_K, Q4_K, Q5_K, Q8_0, IQ4_NL, IQ4_XS, MXFP4 -> 0;
            case F32, F16, BF16 -> throw noCodes();
        };
    }

    private IllegalArgumentException noCodes() {
        return new IllegalArgumentException(type + " has no codes");
    }

    /// Whether codes come as signed bytes.
    boolean codesHaveSigns() {
        return signed() && !machine.biasesSignedCodes();
    }

    /// What codes stand above the values as they come out of [#codes].
    int offsetOfCodes() {
        return signed() ? codesHaveSigns() ? 0 : 128 : zeroPoint();
    }

    Zero zeroOfWhole() {
        if (signed()) {
            return machine.biasesSignedCodes() ? new Zero(Int8Rows.MINUS_128_SUMS, 0) : Zero.NONE;
        }
        return switch (zeroPoint()) {
            case 0 -> Zero.NONE;
            case 8 -> new Zero(Int8Rows.MINUS_8_SUMS, 0);
            default -> new Zero(Int8Rows.MINUS_128_SUMS, 7 - log2(zeroPoint()));
        };
    }

    Zero zeroOfHalf(int half) {
        int field = half == 0 ? Int8Rows.MINUS_32_SUMS_LOW : Int8Rows.MINUS_32_SUMS_HIGH;
        return zeroPoint() == 0 ? Zero.NONE : new Zero(field, 5 - log2(zeroPoint()));
    }

    private static int log2(int powerOfTwo) {
        return Integer.numberOfTrailingZeros(powerOfTwo);
    }

    /// Loads masks and tables.
    void prepare() {
        switch (type) {
            case Q2_K, Q3_K -> machine.constant(lowMask, TWO_BITS);
            case Q8_0 -> machine.constant(lowMask, SIGN_BITS);
            case Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4 ->
                    machine.constant(lowMask, NIBBLES);
            case F32, F16, BF16 -> throw noCodes();
        }
        switch (type) {
            case Q3_K -> machine.constant(aux, ONE_BITS << 2);
            case Q5_0, Q5_1, Q5_K -> machine.constant(aux, ONE_BITS << 4);
            case Q6_K -> machine.constant(aux, TWO_BITS << 4);
            case IQ4_NL, IQ4_XS -> machine.loadTable(aux, biased(Codes.iq4Values()));
            case MXFP4 -> machine.loadTable(aux, biased(Codes.mxfp4Values()));
            case F32, F16, BF16, Q4_0, Q4_1, Q8_0, Q2_K, Q4_K -> {}
        }
    }

    private byte[] biased(byte[] values) {
        if (machine.biasesSignedCodes()) {
            for (int i = 0; i < values.length; i++) {
                values[i] ^= (byte) 0x80;
            }
        }
        return values;
    }

    /// The codes of columns `16 half + 4 i` to `16 half + 4 i + 3` of a group, biased if the
    /// machine wants signed ones so.
    void codes(VReg d, int group, int half, int i, VReg t) {
        CodeBits bits = CodeBits.of(type, group, half, i);
        machine.load(d, word(bits.low().word()));
        if (bits.low().shift() > 0) {
            machine.shiftRight(d, d, bits.low().shift());
        }
        if (bits.high().mask() != 0) {
            highBits(bits, t);
            machine.orMasked(d, lowMask, t);
        } else if (bits.low().mask() != 0xFF) {
            machine.and(d, d, lowMask);
        }
        switch (type) {
            case Q8_0 -> machine.biasSigned(d, lowMask);
            case IQ4_NL, IQ4_XS, MXFP4 -> machine.lookUp(d, aux, d);
            case F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> {}
        }
    }

    /// The high bits at their place in the codes.
    private void highBits(CodeBits bits, VReg d) {
        machine.load(d, word(bits.high().word()));
        int right = bits.high().shift() - bits.highShift();
        if (right > 0) {
            machine.shiftRight(d, d, right);
        } else if (right < 0) {
            machine.shiftLeft(d, d, -right);
        }
        machine.and(d, d, aux);
    }

    /// The scale of a group, or of one of its halves.
    void scale(VReg d, int group, int half, VReg t) {
        loadFloat(d, 0);
        switch (type) {
            case Q4_K, Q5_K, IQ4_XS -> multiplyByte(d, group, t);
            case Q3_K, Q6_K -> multiplyByte(d, 2 * group + half, t);
            case Q2_K -> {
                machine.loadUnsignedBytes(t, smallScale(2 * group + half));
                machine.shiftLeft(t, t, 28);
                machine.shiftRight(t, t, 28);
                multiplyInts(d, t);
            }
            case F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, IQ4_NL, MXFP4 -> {}
        }
    }

    /// The min of a group, or of one of its halves. Those of the K types are stored negated.
    void min(VReg d, int group, int half, VReg t) {
        loadFloat(d, 1);
        switch (type) {
            case Q4_1, Q5_1 -> {}
            case Q4_K, Q5_K -> {
                multiplyByte(d, 8 + group, t);
                negate(d, t);
            }
            case Q2_K -> {
                machine.loadUnsignedBytes(t, smallScale(2 * group + half));
                machine.shiftRight(t, t, 4);
                multiplyInts(d, t);
                negate(d, t);
            }
            case F32, F16, BF16, Q4_0, Q5_0, Q8_0, Q3_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4 ->
                    throw new IllegalArgumentException(type + " has no min");
        }
    }

    private void negate(VReg d, VReg t) {
        machine.constant(t, -1f);
        machine.multiply(d, d, t);
    }

    private void multiplyByte(VReg d, int index, VReg t) {
        machine.loadSignedBytes(t, smallScale(index));
        multiplyInts(d, t);
    }

    private void multiplyInts(VReg d, VReg ints) {
        machine.toFloats(ints, ints);
        machine.multiply(d, d, ints);
    }

    /// A 16-bit float of each lane: IEEE half, but bfloat16 for MXFP4.
    private void loadFloat(VReg d, int index) {
        At m = at(block, 2 * index * machine.lanes());
        if (type == QuantType.MXFP4) {
            machine.loadBfloats(d, m);
        } else {
            machine.loadHalves(d, m);
        }
    }

    /// One weight of each row of a float type.
    void loadFloatWeight(VReg d, At m) {
        switch (type) {
            case F32 -> machine.load(d, m);
            case F16 -> machine.loadHalves(d, m);
            case BF16 -> machine.loadBfloats(d, m);
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
                    MXFP4 ->
                    throw new IllegalArgumentException(type + " is no float type");
        }
    }

    private At smallScale(int index) {
        return at(block, (2 * format.halfCount() + index) * machine.lanes());
    }

    private At word(int index) {
        int before = 2 * format.halfCount() + format.byteCount();
        return at(block, (before + 4 * index) * machine.lanes());
    }
}
