package autark.chip.asm;

import static autark.chip.asm.Arm64Assembler.unsigned;
import static autark.chip.asm.Arrangement.D2;

/// Assembles the instructions of AArch64 between vector registers: Advanced SIMD with conversion of
/// 16-bit floats and the dot products of ARMv8.2.
///
/// An instruction that exists for several kinds of lanes takes its [Arrangement] before the
/// operands, that of the destination where they differ. Without one, bits are `16B`; floats and the
/// sums of dot products are `4S`; an `S` at the end of the name is one float. The bits are those of
/// [NeonOp], the fields of registers as in [Arm64Assembler].
public final class NeonAssembler {
    private static final int MOVI = 0x0F000400;
    private static final int FMOV_S_FROM_W = 0x1E270000;
    private static final int FMOV_W_FROM_S = 0x1E260000;
    private static final int UMOV_64_BITS = 1 << 30;

    private final CodeBuffer code;

    NeonAssembler(CodeBuffer code) {
        this.code = code;
    }

    // Moves.

    /// A byte in each byte, or in the low bits of each 16 or 32 bits.
    ///
    /// @param a `D2` for zero only, which is the usual way to clear a register
    public void movi(Arrangement a, Vreg d, int value) {
        int mode =
                switch (a) {
                    case B8, B16 -> 0b1110 << 12;
                    case H4, H8 -> 0b1000 << 12;
                    case S2, S4 -> 0b0000 << 12;
                    case D2 -> 1 << 29 | 0b1110 << 12;
                };
        int bits = unsigned(value, a == D2 ? 0 : 8, "value");
        int word = MOVI | a.q() << 30 | mode;
        code.putInt(word | bits >> 5 << 16 | (bits & 0x1F) << 5 | d.number());
    }

    public void mov(Vreg d, Vreg n) {
        orr(d, n, n);
    }

    /// Copies a lane to all lanes.
    public void dup(Arrangement a, Vreg d, Vreg n, int index) {
        vector(NeonOp.DUP_ELEMENT.in(a) | lane(a, index), d, n);
    }

    /// Copies the low bits of a general register to all lanes.
    public void dup(Arrangement a, Vreg d, Xreg n) {
        code.putInt(NeonOp.DUP_GENERAL.in(a) | lane(a, 0) | n.orZero() << 5 | d.number());
    }

    /// Sets a lane to the low bits of a general register.
    public void ins(Arrangement a, Vreg d, int index, Xreg n) {
        code.putInt(NeonOp.INS_GENERAL.in(a) | lane(a, index) | n.orZero() << 5 | d.number());
    }

    /// Sets a lane to a lane of another register.
    public void ins(Arrangement a, Vreg d, int index, Vreg n, int sourceIndex) {
        int source = unsigned(sourceIndex, 4 - a.size(), "lane") << a.size() + 11;
        vector(NeonOp.INS_ELEMENT.in(a) | lane(a, index) | source, d, n);
    }

    /// Copies a lane to the low bits of a general register and clears the others.
    public void umov(Arrangement a, Xreg d, Vreg n, int index) {
        int word = NeonOp.UMOV.checked(a) | (a == D2 ? UMOV_64_BITS : 0);
        code.putInt(word | lane(a, index) | n.number() << 5 | d.orZero());
    }

    /// The field `imm5`: an index, above a one, above as many zeros as `size` says.
    private static int lane(Arrangement a, int index) {
        int bits = unsigned(index, 4 - a.size(), "lane");
        return (bits << 1 | 1) << a.size() + 16;
    }

    public void fmovS(Vreg d, Xreg n) {
        code.putInt(FMOV_S_FROM_W | n.orZero() << 5 | d.number());
    }

    /// Clears the upper half.
    public void fmovS(Xreg d, Vreg n) {
        code.putInt(FMOV_W_FROM_S | n.number() << 5 | d.orZero());
    }

    // Integers and bits.

    public void and(Vreg d, Vreg n, Vreg m) {
        vector(NeonOp.AND.bits(), d, n, m);
    }

    public void orr(Vreg d, Vreg n, Vreg m) {
        vector(NeonOp.ORR.bits(), d, n, m);
    }

    /// `d = n & ~m`.
    public void bic(Vreg d, Vreg n, Vreg m) {
        vector(NeonOp.BIC.bits(), d, n, m);
    }

    public void add(Arrangement a, Vreg d, Vreg n, Vreg m) {
        vector(NeonOp.ADD.of(a), d, n, m);
    }

    public void sub(Arrangement a, Vreg d, Vreg n, Vreg m) {
        vector(NeonOp.SUB.of(a), d, n, m);
    }

    public void mul(Arrangement a, Vreg d, Vreg n, Vreg m) {
        vector(NeonOp.MUL.of(a), d, n, m);
    }

    /// Shifts right, zeros coming in.
    public void ushr(Arrangement a, Vreg d, Vreg n, int shift) {
        vector(NeonOp.USHR.in(a) | rightShift(a, shift), d, n);
    }

    /// Shifts right, copies of the sign coming in.
    public void sshr(Arrangement a, Vreg d, Vreg n, int shift) {
        vector(NeonOp.SSHR.in(a) | rightShift(a, shift), d, n);
    }

    public void shl(Arrangement a, Vreg d, Vreg n, int shift) {
        vector(NeonOp.SHL.in(a) | leftShift(a, shift), d, n);
    }

    /// The field `immh:immb` says the size of the lanes by its highest bit, the shift by the rest.
    private static int rightShift(Arrangement a, int shift) {
        if (shift < 1 || shift > a.laneBits()) {
            throw new IllegalArgumentException(
                    "found shift %d, expected 1 to %d".formatted(shift, a.laneBits()));
        }
        return 2 * a.laneBits() - shift << 16;
    }

    private static int leftShift(Arrangement a, int shift) {
        return a.laneBits() + unsigned(shift, 3 + a.size(), "shift") << 16;
    }

    /// Widens the lower half of `n`, with signs, to lanes of `a`.
    public void sxtl(Arrangement a, Vreg d, Vreg n) {
        widen(NeonOp.SXTL, a, d, n);
    }

    /// Widens the lower half of `n`, without signs.
    public void uxtl(Arrangement a, Vreg d, Vreg n) {
        widen(NeonOp.UXTL, a, d, n);
    }

    /// These are shifts to the left by zero, of lanes of half the size.
    private void widen(NeonOp op, Arrangement a, Vreg d, Vreg n) {
        vector(op.checked(a) | a.laneBits() / 2 << 16, d, n);
    }

    /// Widens the lower half of `n` to lanes of `a`, and shifts them left by half their bits.
    public void shll(Arrangement a, Vreg d, Vreg n) {
        vector(NeonOp.SHLL.ofHalf(a), d, n);
    }

    /// Keeps the low half of each lane of `n`; clears the upper half of `d`.
    public void xtn(Arrangement a, Vreg d, Vreg n) {
        vector(NeonOp.XTN.of(a), d, n);
    }

    /// As [#xtn], with saturation, signed.
    public void sqxtn(Arrangement a, Vreg d, Vreg n) {
        vector(NeonOp.SQXTN.of(a), d, n);
    }

    /// Sums of neighbours, twice as wide: lanes of `a`.
    public void saddlp(Arrangement a, Vreg d, Vreg n) {
        vector(NeonOp.SADDLP.ofPairs(a), d, n);
    }

    /// Adds to each 32-bit lane four products of signed bytes.
    public void sdot(Vreg d, Vreg n, Vreg m) {
        vector(NeonOp.SDOT.bits(), d, n, m);
    }

    /// The same with one 32-bit group of `m` for all lanes.
    public void sdot(Vreg d, Vreg n, Vreg m, int index) {
        byElement(NeonOp.SDOT_ELEMENT, d, n, m, index);
    }

    /// The index of a 32-bit lane is the fields `H:L`.
    private void byElement(NeonOp op, Vreg d, Vreg n, Vreg m, int index) {
        int bits = unsigned(index, 2, "lane");
        vector(op.bits() | bits >> 1 << 11 | (bits & 1) << 21, d, n, m);
    }

    // Floats.

    public void fadd(Vreg d, Vreg n, Vreg m) {
        vector(NeonOp.FADD.bits(), d, n, m);
    }

    public void fsub(Vreg d, Vreg n, Vreg m) {
        vector(NeonOp.FSUB.bits(), d, n, m);
    }

    public void fmul(Vreg d, Vreg n, Vreg m) {
        vector(NeonOp.FMUL.bits(), d, n, m);
    }

    public void fdiv(Vreg d, Vreg n, Vreg m) {
        vector(NeonOp.FDIV.bits(), d, n, m);
    }

    public void fmax(Vreg d, Vreg n, Vreg m) {
        vector(NeonOp.FMAX.bits(), d, n, m);
    }

    public void fmin(Vreg d, Vreg n, Vreg m) {
        vector(NeonOp.FMIN.bits(), d, n, m);
    }

    /// `d = n * m[index]`.
    public void fmul(Vreg d, Vreg n, Vreg m, int index) {
        byElement(NeonOp.FMUL_ELEMENT, d, n, m, index);
    }

    /// `d = n * m + d`, rounded once.
    public void fmla(Vreg d, Vreg n, Vreg m) {
        vector(NeonOp.FMLA.bits(), d, n, m);
    }

    /// `d = n * m[index] + d`, rounded once.
    public void fmla(Vreg d, Vreg n, Vreg m, int index) {
        byElement(NeonOp.FMLA_ELEMENT, d, n, m, index);
    }

    /// Sums of neighbours, those of `n` before those of `m`.
    public void faddp(Vreg d, Vreg n, Vreg m) {
        vector(NeonOp.FADDP.bits(), d, n, m);
    }

    /// The largest of all lanes, in the first; clears the others.
    public void fmaxv(Vreg d, Vreg n) {
        vector(NeonOp.FMAXV.bits(), d, n);
    }

    public void fsqrt(Vreg d, Vreg n) {
        vector(NeonOp.FSQRT.bits(), d, n);
    }

    /// Rounds to 32-bit integers, ties to even, with saturation.
    public void fcvtns(Vreg d, Vreg n) {
        vector(NeonOp.FCVTNS.bits(), d, n);
    }

    /// Converts 32-bit integers with signs.
    public void scvtf(Vreg d, Vreg n) {
        vector(NeonOp.SCVTF.bits(), d, n);
    }

    /// Converts the 16-bit floats of the lower half.
    public void fcvtl(Vreg d, Vreg n) {
        vector(NeonOp.FCVTL.bits(), d, n);
    }

    /// Converts to 16-bit floats in the lower half; clears the upper.
    public void fcvtn(Vreg d, Vreg n) {
        vector(NeonOp.FCVTN.bits(), d, n);
    }

    // Permutations.

    /// Looks up bytes of `n` by the bytes of `m`; zero for those above 15.
    public void tbl(Vreg d, Vreg n, Vreg m) {
        vector(NeonOp.TBL.bits(), d, n, m);
    }

    /// Turns the order of the lanes around in each 64 bits.
    public void rev64(Arrangement a, Vreg d, Vreg n) {
        vector(NeonOp.REV64.of(a), d, n);
    }

    /// 16 bytes from byte `index` of `n` on, followed by those of `m`.
    public void ext(Vreg d, Vreg n, Vreg m, int index) {
        vector(NeonOp.EXT.bits() | unsigned(index, 4, "byte") << 11, d, n, m);
    }

    private void vector(int word, Vreg d, Vreg n) {
        code.putInt(word | n.number() << 5 | d.number());
    }

    private void vector(int word, Vreg d, Vreg n, Vreg m) {
        code.putInt(word | m.number() << 16 | n.number() << 5 | d.number());
    }
}
