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
    private static final List<Arrangement> UPPER = List.of(B16, H8, S4);
    private static final List<Arrangement> ONE_FORM = List.of();

    static final NeonOp ADD = threeSame("add", 0, 0b10000, ALL);
    static final NeonOp SUB = threeSame("sub", U, 0b10000, ALL);
    static final NeonOp MUL = threeSame("mul", 0, 0b10011, UP_TO_32);
    static final NeonOp ADDP = threeSame("addp", 0, 0b10111, ALL);
    static final NeonOp CMGT = threeSame("cmgt", 0, 0b00110, ALL);
    static final NeonOp SMULL = threeDifferent("smull", 0, 0b1100);
    static final NeonOp SMULL2 = threeDifferent("smull2", Q, 0b1100);
    static final NeonOp SMLAL = threeDifferent("smlal", 0, 0b1000);
    static final NeonOp SMLAL2 = threeDifferent("smlal2", Q, 0b1000);
    static final NeonOp NEG = twoMisc("neg", U, 0b01011, ALL);
    static final NeonOp SADDLP = twoMisc("saddlp", 0, 0b00010, PAIRED);
    static final NeonOp XTN = twoMisc("xtn", 0, 0b10010, LOWER);
    static final NeonOp XTN2 = twoMisc("xtn2", 0, 0b10010, UPPER);
    static final NeonOp SQXTN = twoMisc("sqxtn", 0, 0b10100, LOWER);
    static final NeonOp SQXTN2 = twoMisc("sqxtn2", 0, 0b10100, UPPER);
    static final NeonOp SHLL = twoMisc("shll", U, 0b10011, WIDENED);
    static final NeonOp REV64 = twoMisc("rev64", 0, 0b00000, UP_TO_32);
    static final NeonOp SSHR = shift("sshr", 0, 0b00000, ALL);
    static final NeonOp USHR = shift("ushr", U, 0b00000, ALL);
    static final NeonOp SHL = shift("shl", 0, 0b01010, ALL);
    static final NeonOp SXTL = shift("sxtl", 0, 0b10100, WIDENED);
    static final NeonOp SXTL2 = shift("sxtl2", Q, 0b10100, WIDENED);
    static final NeonOp UXTL = shift("uxtl", U, 0b10100, WIDENED);
    static final NeonOp UXTL2 = shift("uxtl2", Q | U, 0b10100, WIDENED);
    static final NeonOp UZP1 = permute("uzp1", 0b001);
    static final NeonOp TRN1 = permute("trn1", 0b010);
    static final NeonOp ZIP1 = permute("zip1", 0b011);
    static final NeonOp UZP2 = permute("uzp2", 0b101);
    static final NeonOp TRN2 = permute("trn2", 0b110);
    static final NeonOp ZIP2 = permute("zip2", 0b111);
    static final NeonOp DUP_ELEMENT = new NeonOp("dup", 0x0E000400, ALL);
    static final NeonOp DUP_GENERAL = new NeonOp("dup", 0x0E000C00, ALL);
    static final NeonOp INS_GENERAL = new NeonOp("ins", 0x0E001C00, FULL);
    static final NeonOp INS_ELEMENT = new NeonOp("ins", 0x2E000400, FULL);
    static final NeonOp UMOV = new NeonOp("umov", 0x0E003C00, FULL);
    static final NeonOp LD1R = new NeonOp("ld1r", 0x0D40C000, ALL);

    static final NeonOp AND = threeSame("and", Q, 0b00011, ONE_FORM);
    static final NeonOp BIC = threeSame("bic", Q | LOW, 0b00011, ONE_FORM);
    static final NeonOp ORR = threeSame("orr", Q | HIGH, 0b00011, ONE_FORM);
    static final NeonOp EOR = threeSame("eor", Q | U, 0b00011, ONE_FORM);
    static final NeonOp BSL = threeSame("bsl", Q | U | LOW, 0b00011, ONE_FORM);
    static final NeonOp BIF = threeSame("bif", Q | U | HIGH | LOW, 0b00011, ONE_FORM);
    static final NeonOp FADD = threeSame("fadd", Q, 0b11010, ONE_FORM);
    static final NeonOp FSUB = threeSame("fsub", Q | HIGH, 0b11010, ONE_FORM);
    static final NeonOp FMUL = threeSame("fmul", Q | U, 0b11011, ONE_FORM);
    static final NeonOp FDIV = threeSame("fdiv", Q | U, 0b11111, ONE_FORM);
    static final NeonOp FMAX = threeSame("fmax", Q, 0b11110, ONE_FORM);
    static final NeonOp FMIN = threeSame("fmin", Q | HIGH, 0b11110, ONE_FORM);
    static final NeonOp FMLA = threeSame("fmla", Q, 0b11001, ONE_FORM);
    static final NeonOp FMLS = threeSame("fmls", Q | HIGH, 0b11001, ONE_FORM);
    static final NeonOp FADDP = threeSame("faddp", Q | U, 0b11010, ONE_FORM);
    static final NeonOp FCMGE = threeSame("fcmge", Q | U, 0b11100, ONE_FORM);
    static final NeonOp FCMGT = threeSame("fcmgt", Q | U | HIGH, 0b11100, ONE_FORM);
    static final NeonOp SDOT = new NeonOp("sdot", 0x0E009400 | Q | HIGH, ONE_FORM);
    static final NeonOp UDOT = new NeonOp("udot", 0x0E009400 | Q | U | HIGH, ONE_FORM);
    static final NeonOp FCMGT_ZERO = twoMisc("fcmgt", Q | HIGH, 0b01100, ONE_FORM);
    static final NeonOp FABS = twoMisc("fabs", Q | HIGH, 0b01111, ONE_FORM);
    static final NeonOp FNEG = twoMisc("fneg", Q | U | HIGH, 0b01111, ONE_FORM);
    static final NeonOp FSQRT = twoMisc("fsqrt", Q | U | HIGH, 0b11111, ONE_FORM);
    static final NeonOp SCVTF = twoMisc("scvtf", Q, 0b11101, ONE_FORM);
    static final NeonOp UCVTF = twoMisc("ucvtf", Q | U, 0b11101, ONE_FORM);
    static final NeonOp FCVTNS = twoMisc("fcvtns", Q, 0b11010, ONE_FORM);
    static final NeonOp FRINTN = twoMisc("frintn", Q, 0b11000, ONE_FORM);
    static final NeonOp FCVTL = twoMisc("fcvtl", 0, 0b10111, ONE_FORM);
    static final NeonOp FCVTL2 = twoMisc("fcvtl2", Q, 0b10111, ONE_FORM);
    static final NeonOp FCVTN = twoMisc("fcvtn", 0, 0b10110, ONE_FORM);
    static final NeonOp FCVTN2 = twoMisc("fcvtn2", Q, 0b10110, ONE_FORM);
    static final NeonOp ADDV = acrossLanes("addv", Q | HIGH, 0b11011);
    static final NeonOp FMAXV = acrossLanes("fmaxv", Q | U, 0b01111);
    static final NeonOp FMLA_ELEMENT = byElement("fmla", 0, 0b0001);
    static final NeonOp FMLS_ELEMENT = byElement("fmls", 0, 0b0101);
    static final NeonOp FMUL_ELEMENT = byElement("fmul", 0, 0b1001);
    static final NeonOp SDOT_ELEMENT = byElement("sdot", 0, 0b1110);
    static final NeonOp UDOT_ELEMENT = byElement("udot", U, 0b1110);
    static final NeonOp TBL = new NeonOp("tbl", 0x0E000000 | Q, ONE_FORM);
    static final NeonOp EXT = new NeonOp("ext", 0x2E000000 | Q, ONE_FORM);

    NeonOp {
        arrangements = List.copyOf(arrangements);
    }

    private static NeonOp threeSame(
            String name, int flags, int opcode, List<Arrangement> arrangements) {
        return new NeonOp(name, 0x0E200400 | flags | opcode << 11, arrangements);
    }

    private static NeonOp threeDifferent(String name, int flags, int opcode) {
        return new NeonOp(name, 0x0E200000 | flags | opcode << 12, WIDENED);
    }

    private static NeonOp twoMisc(
            String name, int flags, int opcode, List<Arrangement> arrangements) {
        return new NeonOp(name, 0x0E200800 | flags | opcode << 12, arrangements);
    }

    private static NeonOp acrossLanes(String name, int flags, int opcode) {
        return new NeonOp(name, 0x0E300800 | flags | opcode << 12, ONE_FORM);
    }

    private static NeonOp permute(String name, int opcode) {
        return new NeonOp(name, 0x0E000800 | opcode << 12, ALL);
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
