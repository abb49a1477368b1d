package autark.chip.asm;

/// A 64-bit general register of AArch64. Number 31 is the stack pointer in some operands and zero
/// in others; which of the two an instruction takes is checked.
public enum Xreg {
    X0,
    X1,
    X2,
    X3,
    X4,
    X5,
    X6,
    X7,
    X8,
    X9,
    X10,
    X11,
    X12,
    X13,
    X14,
    X15,
    X16,
    X17,
    X18,
    X19,
    X20,
    X21,
    X22,
    X23,
    X24,
    X25,
    X26,
    X27,
    X28,
    X29,
    X30,
    SP,
    XZR;

    /// The number in an operand where 31 is zero.
    int orZero() {
        return number(SP);
    }

    /// The number in an operand where 31 is the stack pointer.
    int orSp() {
        return number(XZR);
    }

    @SuppressWarnings("EnumOrdinal") // the order is the numbering of the instruction set
    private int number(Xreg other) {
        if (this == other) {
            throw new IllegalArgumentException(
                    "found %s as an operand that cannot be it".formatted(this));
        }
        return Math.min(ordinal(), 31);
    }
}
