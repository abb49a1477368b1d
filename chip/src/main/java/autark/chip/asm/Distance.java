package autark.chip.asm;

/// The form in which an instruction holds its distance to a label.
///
/// Every form reaches across a whole [CodeBuffer], so no distance is ever too long.
enum Distance {
    /// x86-64: 32 bits, counted from behind them.
    REL32,
    /// AArch64 conditional branches and loads of constants: instructions, in bits 5 to 23.
    IMM19,
    /// AArch64 `b`: instructions, in bits 0 to 25.
    IMM26,
    /// AArch64 `adr`: bytes, the lowest two bits in bits 29 and 30, the others in bits 5 to 23.
    ADR;

    /// Fills in the distance of the instruction at `offset`, whose bits for it are zero.
    void patch(CodeBuffer code, int offset, int target) {
        int bytes = target - offset;
        int field =
                switch (this) {
                    case REL32 -> bytes - 4;
                    case IMM19 -> (bytes >> 2 & 0x7FFFF) << 5;
                    case IMM26 -> bytes >> 2 & 0x3FFFFFF;
                    case ADR -> (bytes & 3) << 29 | (bytes >> 2 & 0x7FFFF) << 5;
                };
        code.patchInt(offset, code.intAt(offset) | field);
    }
}
