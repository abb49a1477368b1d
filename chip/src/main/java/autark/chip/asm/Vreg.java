package autark.chip.asm;

/// A vector register of AArch64, 128 bits. A callee keeps the low halves of V8 to V15.
///
/// @param number 0 to 31
public record Vreg(int number) {
    public Vreg {
        if (number < 0 || number > 31) {
            throw new IllegalArgumentException(
                    "found vector register %d, expected 0 to 31".formatted(number));
        }
    }
}
