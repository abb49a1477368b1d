package autark.chip.kernel;

import autark.chip.quant.Codes;
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

    private static final int BYTES = 96;

    private KernelConstants() {}

    static byte[] bytes() {
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
        return bytes.array();
    }

    private static int pair(int low, int high) {
        return low & 0xFFFF | high << 16;
    }
}
