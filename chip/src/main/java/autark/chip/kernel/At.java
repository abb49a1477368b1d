package autark.chip.kernel;

import org.jspecify.annotations.Nullable;

/// A memory operand of a kernel: `base + index + offset`.
///
/// @param index no register, or bytes to add
record At(Reg base, @Nullable Reg index, int offset) {
    static At at(Reg base, int offset) {
        return new At(base, null, offset);
    }

    static At at(Reg base, Reg index, int offset) {
        return new At(base, index, offset);
    }

    /// The operand so many bytes further.
    At plus(int bytes) {
        return new At(base, index, Math.addExact(offset, bytes));
    }
}
