package autark.chip.asm;

/// What a conditional branch of AArch64 asks the flags, in the order of its code.
public enum Condition {
    EQ,
    NE,
    /// Unsigned, or carry.
    HS,
    LO,
    MI,
    PL,
    VS,
    VC,
    HI,
    LS,
    GE,
    LT,
    GT,
    LE;

    @SuppressWarnings("EnumOrdinal") // the order is the numbering of the instruction set
    int code() {
        return ordinal();
    }
}
