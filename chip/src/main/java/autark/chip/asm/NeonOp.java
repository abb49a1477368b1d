package autark.chip.asm;

import static autark.chip.asm.Arrangement.B16;
import static autark.chip.asm.Arrangement.B8;
import static autark.chip.asm.Arrangement.D2;
import static autark.chip.asm.Arrangement.H4;
import static autark.chip.asm.Arrangement.H8;
import static autark.chip.asm.Arrangement.S2;
import static autark.chip.asm.Arrangement.S4;

import java.util.List;

/// An Advanced SIMD instruction without its operands, in the classes of the manual:
///
/// ```
/// three same        0 Q U 01110 size 1 m:5 opcode:5 1        n:5 d:5
/// the same, extra   0 Q U 01110 size 0 m:5 1 opcode:4 1      n:5 d:5
/// three different   0 Q U 01110 size 1 m:5 opcode:4 00       n:5 d:5
/// two misc          0 Q U 01110 size 10000 opcode:5 10       n:5 d:5
/// across lanes      0 Q U 01110 size 11000 opcode:5 10       n:5 d:5
/// permute           0 Q 0 01110 size 0 m:5 0 opcode:3 10     n:5 d:5
/// shift immediate   0 Q U 01111 0 immh:4 immb:3 opcode:5 1   n:5 d:5
/// by element        0 Q U 01111 size L m:5 opcode:4 H 0      n:5 d:5
/// ```
///
/// `size` is the lane, 8 bits shifted by it; `Q` says 128 bits. Where lanes do not matter, and for
/// floats, the bits of `size` (`HIGH`, `LOW`) are more of the opcode.
///
/// @param arrangements those that it may have, each the destination's; none if there is one form,
///   whose `Q` and `size` are in `bits`
record NeonOp(String name, int bits, List<Arrangement> arrangements) {
    private static final int Q = 1 << 30;
    private static final int U = 1 << 29;
    private static final int HIGH = 1 << 23;
    private static final int LOW = 1 << 22;

    private static final List<Arrangement> ALL = List.of(B8, B16, H4, H8, S2, S4, D2);
    private static final List<Arrangement> UP_TO_32 = List.of(B8, B16, H4, H8, S2, S4);
    private static final List<Arrangement> FULL = List.of(B16, H8, S4, D2);
    private static final List<Arrangement> WIDENED = List.of(H8, S4, D2);
    private static final List<Arrangement> PAIRED = List.of(H4, H8, S2, S4, D2);
    private static final List<Arrangement> LOWER = List.of(B8, H4, S2);
    private static final List<Arrangement> ONE_FORM = List.of();

    static final NeonOp ADD = threeSame("add", 0, 0b10000, ALL);
    static final NeonOp SUB = threeSame("sub", U, 0b10000, ALL);
    static final NeonOp MUL = threeSame("mul", 0, 0b10011, UP_TO_32);
    static final NeonOp SADDLP = twoMisc("saddlp", 0, 0b00010, PAIRED);
    static final NeonOp XTN = twoMisc("xtn", 0, 0b10010, LOWER);
    static final NeonOp SQXTN = twoMisc("sqxtn", 0, 0b10100, LOWER);
    static final NeonOp SHLL = twoMisc("shll", U, 0b10011, WIDENED);
    static final NeonOp REV64 = twoMisc("rev64", 0, 0b00000, UP_TO_32);
    static final NeonOp SSHR = shift("sshr", 0, 0b00000, ALL);
    static final NeonOp USHR = shift("ushr", U, 0b00000, ALL);
    static final NeonOp SHL = shift("shl", 0, 0b01010, ALL);
    static final NeonOp SXTL = shift("sxtl", 0, 0b10100, WIDENED);
    static final NeonOp UXTL = shift("uxtl", U, 0b10100, WIDENED);
    static final NeonOp DUP_ELEMENT = new NeonOp("dup", 0x0E000400, ALL);
    static final NeonOp DUP_GENERAL = new NeonOp("dup", 0x0E000C00, ALL);
    static final NeonOp INS_GENERAL = new NeonOp("ins", 0x0E001C00, FULL);
    static final NeonOp INS_ELEMENT = new NeonOp("ins", 0x2E000400, FULL);
    static final NeonOp UMOV = new NeonOp("umov", 0x0E003C00, FULL);

    static final NeonOp AND = threeSame("and", Q, 0b00011, ONE_FORM);
    static final NeonOp BIC = threeSame("bic", Q | LOW, 0b00011, ONE_FORM);
    static final NeonOp ORR = threeSame("orr", Q | HIGH, 0b00011, ONE_FORM);
    static final NeonOp FADD = threeSame("fadd", Q, 0b11010, ONE_FORM);
    static final NeonOp FSUB = threeSame("fsub", Q | HIGH, 0b11010, ONE_FORM);
    static final NeonOp FMUL = threeSame("fmul", Q | U, 0b11011, ONE_FORM);
    static final NeonOp FDIV = threeSame("fdiv", Q | U, 0b11111, ONE_FORM);
    static final NeonOp FMAX = threeSame("fmax", Q, 0b11110, ONE_FORM);
    static final NeonOp FMIN = threeSame("fmin", Q | HIGH, 0b11110, ONE_FORM);
    static final NeonOp FMLA = threeSame("fmla", Q, 0b11001, ONE_FORM);
    static final NeonOp FADDP = threeSame("faddp", Q | U, 0b11010, ONE_FORM);
    static final NeonOp SDOT = new NeonOp("sdot", 0x0E009400 | Q | HIGH, ONE_FORM);
    static final NeonOp FSQRT = twoMisc("fsqrt", Q | U | HIGH, 0b11111, ONE_FORM);
    static final NeonOp SCVTF = twoMisc("scvtf", Q, 0b11101, ONE_FORM);
    static final NeonOp FCVTNS = twoMisc("fcvtns", Q, 0b11010, ONE_FORM);
    static final NeonOp FCVTL = twoMisc("fcvtl", 0, 0b10111, ONE_FORM);
    static final NeonOp FCVTN = twoMisc("fcvtn", 0, 0b10110, ONE_FORM);
    static final NeonOp FMAXV = acrossLanes("fmaxv", Q | U, 0b01111);
    static final NeonOp FMLA_ELEMENT = byElement("fmla", 0, 0b0001);
    static final NeonOp FMUL_ELEMENT = byElement("fmul", 0, 0b1001);
    static final NeonOp SDOT_ELEMENT = byElement("sdot", 0, 0b1110);
    static final NeonOp TBL = new NeonOp("tbl", 0x0E000000 | Q, ONE_FORM);
    static final NeonOp EXT = new NeonOp("ext", 0x2E000000 | Q, ONE_FORM);
    static final NeonOp LD1R = new NeonOp("ld1r", 0x0D40C000, ALL);

    NeonOp {
        arrangements = List.copyOf(arrangements);
    }

    private static NeonOp threeSame(
            String name, int flags, int opcode, List<Arrangement> arrangements) {
        return new NeonOp(name, 0x0E200400 | flags | opcode << 11, arrangements);
    }

    private static NeonOp twoMisc(
            String name, int flags, int opcode, List<Arrangement> arrangements) {
        return new NeonOp(name, 0x0E200800 | flags | opcode << 12, arrangements);
    }

    private static NeonOp acrossLanes(String name, int flags, int opcode) {
        return new NeonOp(name, 0x0E300800 | flags | opcode << 12, ONE_FORM);
    }

    private static NeonOp shift(
            String name, int flags, int opcode, List<Arrangement> arrangements) {
        return new NeonOp(name, 0x0F000400 | flags | opcode << 11, arrangements);
    }

    private static NeonOp byElement(String name, int flags, int opcode) {
        return new NeonOp(name, 0x0F000000 | Q | HIGH | flags | opcode << 12, ONE_FORM);
    }

    /// The bits with `Q` and `size` of an arrangement.
    int of(Arrangement t) {
        return in(t) | t.size() << 22;
    }

    /// The bits with `Q`, where the instruction says the size of its lanes elsewhere.
    int in(Arrangement t) {
        return checked(t) | t.q() << 30;
    }

    /// The bits with the `size` of half the lanes of an arrangement, whose `Q` says which half of a
    /// register they are.
    int ofHalf(Arrangement t) {
        return checked(t) | t.size() - 1 << 22;
    }

    /// The bits with the `size` of half the lanes of an arrangement, two of which make one.
    int ofPairs(Arrangement t) {
        return in(t) | t.size() - 1 << 22;
    }

    /// The bits alone, for an arrangement that the instruction has.
    int checked(Arrangement t) {
        if (!arrangements.contains(t)) {
            throw new IllegalArgumentException(
                    "found %s for %s, expected one of %s".formatted(t, name, arrangements));
        }
        return bits;
    }
}
