package autark.chip.kernel;

import static autark.chip.asm.Arrangement.B16;
import static autark.chip.asm.Arrangement.B8;
import static autark.chip.asm.Arrangement.D2;
import static autark.chip.asm.Arrangement.H4;
import static autark.chip.asm.Arrangement.H8;
import static autark.chip.asm.Arrangement.S4;
import static autark.chip.kernel.Arm64General.xreg;

import autark.chip.asm.Arm64Assembler;
import autark.chip.asm.NeonAssembler;
import autark.chip.asm.Vreg;
import autark.chip.quant.QuantType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// AArch64 with NEON and its dot products: 4 lanes.
///
/// The 16 activations of a dot product are one load, of which four instructions take four each, by
/// element. Unsigned codes are below 128, so the signed product serves both kinds. Broadcasts that
/// are multiplied are loaded into one lane, which the multiplication then takes by element.
final class NeonMachine implements VectorMachine {
    private static final int LANES = 4;
    private static final int VECTOR_BYTES = 16;
    private static final int HALF_BYTES = 8;
    private static final int CODE_MAX = 127;

    /// As many as one load of activations is for.
    private static final int CODES_TOGETHER = 4;

    /// Not for kernels: what one operation here needs between its instructions.
    private static final Vreg SCRATCH = new Vreg(31);

    private final Arm64General general = new Arm64General();
    private final Arm64Assembler asm = general.assembler();
    private final NeonAssembler neon = asm.neon();

    private static Vreg vec(VReg v) {
        return new Vreg(v.number());
    }

    @Override
    public GeneralMachine general() {
        return general;
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public int registers() {
        return 31;
    }

    @Override
    public int panelRows() {
        return 10;
    }

    @Override
    public Blocking blocking(QuantType type) {
        return new Blocking(1, 10, 4);
    }

    @Override
    public void load(VReg d, At m) {
        Reg index = m.index();
        if (index != null && m.offset() == 0) {
            asm.ldrQ(vec(d), xreg(m.base()), xreg(index), 0);
        } else {
            asm.ldrQ(vec(d), general.mem(m, VECTOR_BYTES));
        }
    }

    @Override
    public void store(At m, VReg s) {
        asm.strQ(vec(s), general.mem(m, VECTOR_BYTES));
    }

    @Override
    public void copy(VReg d, VReg s) {
        neon.mov(vec(d), vec(s));
    }

    @Override
    public void zero(VReg d) {
        neon.movi(D2, vec(d), 0);
    }

    @Override
    public void broadcast(VReg d, At m) {
        if (m.index() == null && m.offset() == 0) {
            asm.ld1r(S4, vec(d), general.mem(m, Float.BYTES));
        } else {
            loadFirst(vec(d), m);
            neon.dup(S4, vec(d), vec(d), 0);
        }
    }

    private void loadFirst(Vreg d, At m) {
        Reg index = m.index();
        if (index != null && m.offset() == 0) {
            asm.ldrS(d, xreg(m.base()), xreg(index), 0);
        } else {
            asm.ldrS(d, general.mem(m, Float.BYTES));
        }
    }

    @Override
    public void constant(VReg d, int bits) {
        int low = bits & 0xFF;
        if (bits == low) {
            neon.movi(S4, vec(d), low);
        } else if (bits == low * 0x01010101) {
            neon.movi(B16, vec(d), low);
        } else {
            asm.ldrQ(vec(d), general.constant(Collections.nCopies(LANES, bits)));
        }
    }

    @Override
    public void loadHalves(VReg d, At m) {
        asm.ldrD(vec(d), general.mem(m, HALF_BYTES));
        neon.fcvtl(vec(d), vec(d));
    }

    @Override
    public void storeHalves(At m, VReg s) {
        neon.fcvtn(SCRATCH, vec(s));
        asm.strD(SCRATCH, general.mem(m, HALF_BYTES));
    }

    @Override
    public void loadBfloats(VReg d, At m) {
        asm.ldrD(vec(d), general.mem(m, HALF_BYTES));
        neon.shll(S4, vec(d), vec(d));
    }

    @Override
    public void loadUnsignedBytes(VReg d, At m) {
        loadFirst(vec(d), m);
        neon.uxtl(H8, vec(d), vec(d));
        neon.uxtl(S4, vec(d), vec(d));
    }

    @Override
    public void loadSignedBytes(VReg d, At m) {
        loadFirst(vec(d), m);
        neon.sxtl(H8, vec(d), vec(d));
        neon.sxtl(S4, vec(d), vec(d));
    }

    @Override
    public void storeBytes(At m, VReg s) {
        neon.xtn(H4, SCRATCH, vec(s));
        neon.xtn(B8, SCRATCH, SCRATCH);
        asm.strS(SCRATCH, general.mem(m, LANES));
    }

    @Override
    public void storeFirst(At m, VReg s) {
        asm.strS(vec(s), general.mem(m, Float.BYTES));
    }

    @Override
    public void and(VReg d, VReg a, VReg b) {
        neon.and(vec(d), vec(a), vec(b));
    }

    @Override
    public void orMasked(VReg d, VReg mask, VReg b) {
        and(d, d, mask);
        or(d, d, b);
    }

    @Override
    public void andNot(VReg d, VReg a, VReg b) {
        neon.bic(vec(d), vec(b), vec(a));
    }

    @Override
    public void or(VReg d, VReg a, VReg b) {
        neon.orr(vec(d), vec(a), vec(b));
    }

    @Override
    public void shiftLeft(VReg d, VReg a, int bits) {
        neon.shl(S4, vec(d), vec(a), bits);
    }

    @Override
    public void shiftRight(VReg d, VReg a, int bits) {
        neon.ushr(S4, vec(d), vec(a), bits);
    }

    @Override
    public void shiftRightSigned(VReg d, VReg a, int bits) {
        neon.sshr(S4, vec(d), vec(a), bits);
    }

    @Override
    public void addInts(VReg d, VReg a, VReg b) {
        neon.add(S4, vec(d), vec(a), vec(b));
    }

    @Override
    public void toFloats(VReg d, VReg a) {
        neon.scvtf(vec(d), vec(a));
    }

    @Override
    public void toInts(VReg d, VReg a) {
        neon.fcvtns(vec(d), vec(a));
    }

    @Override
    public void add(VReg d, VReg a, VReg b) {
        neon.fadd(vec(d), vec(a), vec(b));
    }

    @Override
    public void subtract(VReg d, VReg a, VReg b) {
        neon.fsub(vec(d), vec(a), vec(b));
    }

    @Override
    public void multiply(VReg d, VReg a, VReg b) {
        neon.fmul(vec(d), vec(a), vec(b));
    }

    @Override
    public void divide(VReg d, VReg a, VReg b) {
        neon.fdiv(vec(d), vec(a), vec(b));
    }

    /// Of two zeros it takes the positive one, where x86 takes the second; no kernel lets the sign
    /// of such a zero reach its results.
    @Override
    public void max(VReg d, VReg a, VReg b) {
        neon.fmax(vec(d), vec(a), vec(b));
    }

    /// Of two zeros it takes the negative one, which makes as little difference as in [#max].
    @Override
    public void min(VReg d, VReg a, VReg b) {
        neon.fmin(vec(d), vec(a), vec(b));
    }

    @Override
    public void squareRoot(VReg d, VReg a) {
        neon.fsqrt(vec(d), vec(a));
    }

    @Override
    public void fma(VReg d, VReg a, VReg b) {
        neon.fmla(vec(d), vec(a), vec(b));
    }

    @Override
    public void multiplyAdd(VReg d, VReg a, VReg b) {
        neon.mov(SCRATCH, vec(b));
        neon.fmla(SCRATCH, vec(d), vec(a));
        neon.mov(vec(d), SCRATCH);
    }

    @Override
    public void multiplyBroadcast(VReg d, VReg a, At m, VReg t) {
        loadFirst(vec(t), m);
        neon.fmul(vec(d), vec(a), vec(t), 0);
    }

    @Override
    public void fmaBroadcast(VReg d, VReg a, At m, VReg t) {
        loadFirst(vec(t), m);
        neon.fmla(vec(d), vec(a), vec(t), 0);
    }

    @Override
    public void swapNeighbours(VReg d, VReg a) {
        neon.rev64(S4, vec(d), vec(a));
    }

    @Override
    public void startSums(VReg d, At m, int bits) {
        broadcast(d, m);
        if (bits > 0) {
            neon.sshr(S4, vec(d), vec(d), bits);
        }
    }

    @Override
    public boolean biasesSignedCodes() {
        return false;
    }

    @Override
    public void biasSigned(VReg codes, VReg signBits) {}

    @Override
    public void dotUnsigned(VReg[] sums, VReg[][] codes, int codeMax, At x, VReg t0, VReg t1) {
        assert codeMax <= CODE_MAX;
        dotSigned(sums, codes, x, t0, t1);
    }

    @Override
    public void dotSigned(VReg[] sums, VReg[][] codes, At x, VReg t0, VReg t1) {
        load(t0, x);
        for (int tile = 0; tile < sums.length; tile++) {
            for (int i = 0; i < CODES_TOGETHER; i++) {
                neon.sdot(vec(sums[tile]), vec(codes[tile][i]), vec(t0), i);
            }
        }
    }

    @Override
    public void dotRegisters(VReg sums, VReg codes, VReg x, VReg t) {
        neon.sdot(vec(sums), vec(codes), vec(x));
    }

    @Override
    public void prepareDots() {}

    @Override
    public void loadTable(VReg d, byte[] table) {
        ByteBuffer buffer = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> words =
                IntStream.range(0, LANES).mapToObj(i -> buffer.getInt(Integer.BYTES * i)).toList();
        asm.ldrQ(vec(d), general.constant(words));
    }

    @Override
    public void lookUp(VReg d, VReg table, VReg index) {
        neon.tbl(vec(d), vec(table), vec(index));
    }

    @Override
    public void largestLane(VReg d, VReg a, VReg t) {
        neon.fmaxv(vec(t), vec(a));
        neon.dup(S4, vec(d), vec(t), 0);
    }

    /// Adding the halves leaves each of the two sums twice, so that the sums of neighbours are all
    /// the sum of both.
    @Override
    public void sumLanes(VReg d, VReg a, VReg t) {
        neon.ext(vec(t), vec(a), vec(a), HALF_BYTES);
        neon.fadd(vec(a), vec(a), vec(t));
        neon.faddp(vec(d), vec(a), vec(a));
    }
}
