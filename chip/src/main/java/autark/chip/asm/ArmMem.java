package autark.chip.asm;

/// A memory operand of AArch64: a base register and an offset in bytes.
///
/// @param base any but XZR
public record ArmMem(Xreg base, int offset, Mode mode) {
    /// What becomes of the base register.
    public enum Mode {
        /// `[base, #offset]`: nothing.
        OFFSET,
        /// `[base, #offset]!`: the offset is added before the access.
        PRE_INDEX,
        /// `[base], #offset`: the offset is added after the access.
        POST_INDEX
    }

    public ArmMem {
        if (base == Xreg.XZR) {
            throw new IllegalArgumentException("found base XZR, expected X0 to X30 or SP");
        }
    }

    public static ArmMem at(Xreg base, int offset) {
        return new ArmMem(base, offset, Mode.OFFSET);
    }

    public static ArmMem preIndex(Xreg base, int offset) {
        return new ArmMem(base, offset, Mode.PRE_INDEX);
    }

    public static ArmMem postIndex(Xreg base, int offset) {
        return new ArmMem(base, offset, Mode.POST_INDEX);
    }

    /// The operand so many bytes further.
    public ArmMem plus(int bytes) {
        return new ArmMem(base, Math.addExact(offset, bytes), mode);
    }
}
