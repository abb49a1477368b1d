package autark.chip.asm;

import org.jspecify.annotations.Nullable;

/// A memory operand: `base + index * scale + displacement`, or a place in the code itself.
///
/// @param base no register if the operand is a place in the code
/// @param index no register, or any but RSP
/// @param scale 1, 2, 4 or 8
/// @param label the place in the code, or none
public record Mem(
        @Nullable Gpr base,
        @Nullable Gpr index,
        int scale,
        int displacement,
        @Nullable Label label) {
    public Mem {
        if (index == Gpr.RSP || scale != 1 && scale != 2 && scale != 4 && scale != 8) {
            throw new IllegalArgumentException(
                    "found index %s with scale %d, expected any but RSP and 1, 2, 4 or 8"
                            .formatted(index, scale));
        }
    }

    public static Mem at(Gpr base, int displacement) {
        return new Mem(base, null, 1, displacement, null);
    }

    public static Mem at(Gpr base, Gpr index, int scale, int displacement) {
        return new Mem(base, index, scale, displacement, null);
    }

    /// The bytes behind `label`, relative to the instruction; not for one with an immediate.
    public static Mem at(Label label) {
        return new Mem(null, null, 1, 0, label);
    }
}
