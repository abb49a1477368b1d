package autark.chip.kernel;

import autark.chip.quant.Codes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Constants that kernels read from memory, at fixed offsets behind one pointer.
final class KernelConstants {
    /// No constant.
    static final int NONE = -1;

    static final int NIBBLE_MASK = 0;
    static final int TWO_BIT_MASK = 4;
    static final int ONE_BIT_MASK = 8;
    static final int SIGN_BITS = 12;
    static final int ONES_16 = 16;

    /// Pairs of 16-bit `-zero`, for [vpmaddwd] with the two half sums of a group.
    static final int MINUS_8 = 24;

    static final int MINUS_16 = 28;
    static final int MINUS_128 = 36;
    static final int LOW_MINUS_4 = 40;
    static final int HIGH_MINUS_4 = 44;
    static final int LOW_MINUS_32 = 48;
    static final int HIGH_MINUS_32 = 52;

    static final int IQ4_TABLE = 64;
    static final int MXFP4_TABLE = 80;

    /// Floats of [Polynomials#exp], by the names there; `EXP_C0` is the highest coefficient.
    static final int EXP_MIN = 96;

    static final int LOG2_E = 100;
    static final int ROUNDER = 104;
    static final int MINUS_LN_2_HIGH = 108;
    static final int MINUS_LN_2_LOW = 112;
    static final int ONE = 116;
    static final int EXP_C0 = 120;
    static final int EXP_COEFFICIENTS = 6;

    /// The middle of 32 zeros and 32 negative infinities: read from `4 n` bytes before it, a vector
    /// of 32 hides what is not among the first `n`.
    static final int HIDE_BEHIND = 144 + 128;

    /// The middle of 32 negative infinities and 32 zeros: read from `4 n` bytes before it, a vector
    /// of 32 hides the first `n`.
    static final int HIDE_BEFORE = HIDE_BEHIND + 128 + 128;

    static final int MINUS_INFINITY = HIDE_BEHIND;

    private static final int BYTES = HIDE_BEFORE + 128;

    private KernelConstants() {}

    /// The constants in memory that lives as long as the process.
    static MemorySegment segment() {
        byte[] bytes = bytes();
        MemorySegment segment = Arena.global().allocate(bytes.length, 64);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    private static byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(NIBBLE_MASK, 0x0F0F0F0F);
        bytes.putInt(TWO_BIT_MASK, 0x03030303);
        bytes.putInt(ONE_BIT_MASK, 0x01010101);
        bytes.putInt(SIGN_BITS, 0x80808080);
        bytes.putInt(ONES_16, 0x00010001);
        bytes.putInt(MINUS_8, pair(-8, -8));
        bytes.putInt(MINUS_16, pair(-16, -16));
        bytes.putInt(MINUS_128, pair(-128, -128));
        bytes.putInt(LOW_MINUS_4, pair(-4, 0));
        bytes.putInt(HIGH_MINUS_4, pair(0, -4));
        bytes.putInt(LOW_MINUS_32, pair(-32, 0));
        bytes.putInt(HIGH_MINUS_32, pair(0, -32));
        bytes.put(IQ4_TABLE, Codes.iq4Values());
        bytes.put(MXFP4_TABLE, Codes.mxfp4Values());
        bytes.putFloat(EXP_MIN, Polynomials.EXP_MIN);
        bytes.putFloat(LOG2_E, Polynomials.LOG2_E);
        bytes.putFloat(ROUNDER, Polynomials.ROUNDER);
        bytes.putFloat(MINUS_LN_2_HIGH, -Polynomials.LN_2_HIGH);
        bytes.putFloat(MINUS_LN_2_LOW, -Polynomials.LN_2_LOW);
        bytes.putFloat(ONE, 1f);
        for (int i = 0; i < EXP_COEFFICIENTS; i++) {
            bytes.putFloat(EXP_C0 + 4 * i, Polynomials.expCoefficient(i));
        }
        for (int i = 0; i < 32; i++) {
            bytes.putFloat(HIDE_BEHIND + 4 * i, Float.NEGATIVE_INFINITY);
            bytes.putFloat(HIDE_BEFORE - 4 * (i + 1), Float.NEGATIVE_INFINITY);
        }
        return bytes.array();
    }

    private static int pair(int low, int high) {
        return low & 0xFFFF | high << 16;
    }
}
