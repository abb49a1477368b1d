package autark.chip.kernel;

import static autark.chip.kernel.X86General.mem;

import autark.chip.asm.Vec;
import autark.chip.asm.Vec.Width;
import autark.chip.asm.X86Assembler;
import autark.chip.quant.QuantType;
import java.util.List;

/// AVX-512 with VNNI: 16 lanes, four-way dot products with the activations broadcast from memory.
final class Avx512Machine implements VectorMachine {
    /// The truth table of `d & a | b`.
    private static final int AND_OR = 0xEA;

    private final X86General general;
    private final X86Assembler asm;

    Avx512Machine(X86General.Convention convention) {
        general = new X86General(convention);
        asm = general.assembler();
    }

    private static Vec vec(VReg v) {
        return new Vec(v.number(), Width.ZMM);
    }

    @Override
    public GeneralMachine general() {
        return general;
    }

    @Override
    public int lanes() {
        return 16;
    }

    @Override
    public int registers() {
        return 32;
    }

    @Override
    public int panelRows() {
        return 12;
    }

    /// Types that are unpacked in a few instructions share the loads of activations between two
    /// tiles; the others rather unpack for twice as many tokens.
    @Override
    public Blocking blocking(QuantType type) {
        return switch (type) {
            case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, IQ4_NL, IQ4_XS, MXFP4 -> new Blocking(2, 6, 1);
            case F32, F16, BF16, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> new Blocking(1, 12, 4);
        };
    }

    @Override
    public void load(VReg d, At m) {
        asm.vmovups(vec(d), mem(m));
    }

    @Override
    public void store(At m, VReg s) {
        asm.vmovups(mem(m), vec(s));
    }

    @Override
    public void copy(VReg d, VReg s) {
        asm.vmovdqa(vec(d), vec(s));
    }

    @Override
    public void zero(VReg d) {
        asm.vpxor(vec(d), vec(d), vec(d));
    }

    @Override
    public void broadcast(VReg d, At m) {
        asm.vbroadcastss(vec(d), mem(m));
    }

    @Override
    public void constant(VReg d, int bits) {
        asm.vbroadcastss(vec(d), general.constant(List.of(bits)));
    }

    @Override
    public void loadHalves(VReg d, At m) {
        asm.vcvtph2ps(vec(d), mem(m));
    }

    @Override
    public void storeHalves(At m, VReg s) {
        asm.vcvtps2ph(mem(m), vec(s));
    }

    @Override
    public void loadBfloats(VReg d, At m) {
        asm.vpmovzxwd(vec(d), mem(m));
        asm.vpslld(vec(d), vec(d), 16);
    }

    @Override
    public void loadUnsignedBytes(VReg d, At m) {
        asm.vpmovzxbd(vec(d), mem(m));
    }

    @Override
    public void loadSignedBytes(VReg d, At m) {
        asm.vpmovsxbd(vec(d), mem(m));
    }

    @Override
    public void storeBytes(At m, VReg s) {
        asm.vpmovdb(mem(m), vec(s));
    }

    @Override
    public void storeFirst(At m, VReg s) {
        asm.vmovss(mem(m), new Vec(s.number(), Width.XMM));
    }

    @Override
    public void and(VReg d, VReg a, VReg b) {
        asm.vpand(vec(d), vec(a), vec(b));
    }

    @Override
    public void orMasked(VReg d, VReg mask, VReg b) {
        asm.vpternlogd(vec(d), vec(mask), vec(b), AND_OR);
    }

    @Override
    public void andNot(VReg d, VReg a, VReg b) {
        asm.vpandn(vec(d), vec(a), vec(b));
    }

    @Override
    public void or(VReg d, VReg a, VReg b) {
        asm.vpor(vec(d), vec(a), vec(b));
    }

    @Override
    public void shiftLeft(VReg d, VReg a, int bits) {
        asm.vpslld(vec(d), vec(a), bits);
    }

    @Override
    public void shiftRight(VReg d, VReg a, int bits) {
        asm.vpsrld(vec(d), vec(a), bits);
    }

    @Override
    public void shiftRightSigned(VReg d, VReg a, int bits) {
        asm.vpsrad(vec(d), vec(a), bits);
    }

    @Override
    public void addInts(VReg d, VReg a, VReg b) {
        asm.vpaddd(vec(d), vec(a), vec(b));
    }

    @Override
    public void toFloats(VReg d, VReg a) {
        asm.vcvtdq2ps(vec(d), vec(a));
    }

    @Override
    public void toInts(VReg d, VReg a) {
        asm.vcvtps2dq(vec(d), vec(a));
    }

    @Override
    public void add(VReg d, VReg a, VReg b) {
        asm.vaddps(vec(d), vec(a), vec(b));
    }

    @Override
    public void subtract(VReg d, VReg a, VReg b) {
        asm.vsubps(vec(d), vec(a), vec(b));
    }

    @Override
    public void multiply(VReg d, VReg a, VReg b) {
        asm.vmulps(vec(d), vec(a), vec(b));
    }

    @Override
    public void divide(VReg d, VReg a, VReg b) {
        asm.vdivps(vec(d), vec(a), vec(b));
    }

    @Override
    public void max(VReg d, VReg a, VReg b) {
        asm.vmaxps(vec(d), vec(a), vec(b));
    }

    @Override
    public void min(VReg d, VReg a, VReg b) {
        asm.vminps(vec(d), vec(a), vec(b));
    }

    @Override
    public void squareRoot(VReg d, VReg a) {
        asm.vsqrtps(vec(d), vec(a));
    }

    @Override
    public void fma(VReg d, VReg a, VReg b) {
        asm.vfmadd231ps(vec(d), vec(a), vec(b));
    }

    @Override
    public void multiplyAdd(VReg d, VReg a, VReg b) {
        asm.vfmadd213ps(vec(d), vec(a), vec(b));
    }

    @Override
    public void multiplyBroadcast(VReg d, VReg a, At m, VReg t) {
        asm.vmulpsBroadcast(vec(d), vec(a), mem(m));
    }

    @Override
    public void fmaBroadcast(VReg d, VReg a, At m, VReg t) {
        asm.vfmadd231psBroadcast(vec(d), vec(a), mem(m));
    }

    @Override
    public void swapNeighbours(VReg d, VReg a) {
        asm.vpermilps(vec(d), vec(a), Avx2Machine.SWAP_NEIGHBOURS);
    }

    @Override
    public void startSums(VReg d, At m, int bits) {
        asm.vpbroadcastd(vec(d), mem(m));
        if (bits > 0) {
            asm.vpsrad(vec(d), vec(d), bits);
        }
    }

    @Override
    public boolean biasesSignedCodes() {
        return true;
    }

    @Override
    public void biasSigned(VReg codes, VReg signBits) {
        asm.vpxor(vec(codes), vec(codes), vec(signBits));
    }

    @Override
    public void dotUnsigned(VReg[] sums, VReg[][] codes, int codeMax, At x, VReg t0, VReg t1) {
        for (int i = 0; i < codes[0].length; i++) {
            At quad = x.plus(4 * i);
            if (sums.length == 1) {
                asm.vpdpbusdBroadcast(vec(sums[0]), vec(codes[0][i]), mem(quad));
            } else {
                asm.vpbroadcastd(vec(t0), mem(quad));
                for (int tile = 0; tile < sums.length; tile++) {
                    asm.vpdpbusd(vec(sums[tile]), vec(codes[tile][i]), vec(t0));
                }
            }
        }
    }

    @Override
    public void dotSigned(VReg[] sums, VReg[][] codes, At x, VReg t0, VReg t1) {
        dotUnsigned(sums, codes, 255, x, t0, t1);
    }

    @Override
    public void dotRegisters(VReg sums, VReg codes, VReg x, VReg t) {
        asm.vpdpbusd(vec(sums), vec(codes), vec(x));
    }

    @Override
    public void prepareDots() {}

    @Override
    public void loadTable(VReg d, byte[] table) {
        asm.vbroadcasti128(vec(d), general.constant(Avx2Machine.words(table)));
    }

    @Override
    public void lookUp(VReg d, VReg table, VReg index) {
        asm.vpshufb(vec(d), vec(table), vec(index));
    }

    @Override
    public void largestLane(VReg d, VReg a, VReg t) {
        fold(asm::vmaxps, a, t);
        asm.vbroadcastss(vec(d), new Vec(a.number(), Width.XMM));
    }

    @Override
    public void sumLanes(VReg d, VReg a, VReg t) {
        fold(asm::vaddps, a, t);
        asm.vbroadcastss(vec(d), new Vec(a.number(), Width.XMM));
    }

    private void fold(Avx2Machine.Combination combination, VReg a, VReg t) {
        Vec half = new Vec(a.number(), Width.YMM);
        Vec upper = new Vec(t.number(), Width.YMM);
        asm.vextractf64x4(upper, vec(a));
        combination.emit(half, half, upper);
        Avx2Machine.fold(asm, combination, a, t);
    }
}
