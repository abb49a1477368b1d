package autark.chip.asm;

/// A 64-bit general register of x86-64, in the order of its number.
public enum Gpr {
    RAX,
    RCX,
    RDX,
    RBX,
    RSP,
    RBP,
    RSI,
    RDI,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15;

    @SuppressWarnings("EnumOrdinal") // the order is the numbering of the instruction set
    int number() {
        return ordinal();
    }
}
