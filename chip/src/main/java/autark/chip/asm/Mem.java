package autark.chip.asm;

import org.jspecify.annotations.Nullable;

/// A memory operand: `base + index * scale + displacement`.
///
/// @param index no register, or any but RSP
/// @param scale 1, 2, 4 or 8
public record Mem(Gpr base, @Nullable Gpr index, int scale, int displacement) {
    public Mem {
        if (index == Gpr.RSP || scale != 1 && scale != 2 && scale != 4 && scale != 8) {
            throw new IllegalArgumentException(
                    "found index %s with scale %d, expected any but RSP and 1, 2, 4 or 8"
                            .formatted(index, scale));
        }
    }

    public static Mem at(Gpr base, int displacement) {
        return new Mem(base, null, 1, displacement);
    }

    public static Mem at(Gpr base, Gpr index, int scale, int displacement) {
        return new Mem(base, index, scale, displacement);
    }

    /// The operand so many bytes further.
    public Mem plus(int bytes) {
        return new Mem(base, index, scale, Math.addExact(displacement, bytes));
    }
}
