package autark.chip.asm;

/// A vector register of x86-64.
///
/// @param number 0 to 15, or to 31 for 512 bits
public record Vec(int number, Width width) {
    /// Bits of a vector register.
    public enum Width {
        XMM(0, 16),
        YMM(1, 32),
        ZMM(2, 64);

        private final int code;
        private final int bytes;

        Width(int code, int bytes) {
            this.code = code;
            this.bytes = bytes;
        }

        /// The field `L` of VEX, `L'L` of EVEX.
        int code() {
            return code;
        }

        public int bytes() {
            return bytes;
        }
    }

    public Vec {
        int limit = width == Width.ZMM ? 32 : 16;
        if (number < 0 || number >= limit) {
            throw new IllegalArgumentException(
                    "found vector register %d, expected 0 to %d".formatted(number, limit - 1));
        }
    }

    /// The same register at another width.
    public Vec as(Width other) {
        return new Vec(number, other);
    }
}
