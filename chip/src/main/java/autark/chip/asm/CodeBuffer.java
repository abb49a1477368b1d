package autark.chip.asm;

import java.util.Arrays;

/// Machine code under construction.
public final class CodeBuffer {
    /// Most bytes of one kernel.
    public static final int BYTES_MAX = 1 << 20;

    private byte[] bytes = new byte[1024];
    private int size;

    public CodeBuffer() {}

    public int size() {
        return size;
    }

    void put(int value) {
        if (size == bytes.length) {
            if (size >= BYTES_MAX) {
                throw new IllegalStateException(
                        "found a kernel beyond %d bytes".formatted(BYTES_MAX));
            }
            bytes = Arrays.copyOf(bytes, 2 * size);
        }
        bytes[size++] = (byte) value;
    }

    void putInt(int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            put(value >> shift);
        }
    }

    int intAt(int offset) {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value |= (bytes[offset + i] & 0xFF) << 8 * i;
        }
        return value;
    }

    void patchInt(int offset, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[offset + i] = (byte) (value >> 8 * i);
        }
    }

    /// A copy of what was written.
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }
}
