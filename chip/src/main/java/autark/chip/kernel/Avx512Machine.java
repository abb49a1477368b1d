package autark.chip.kernel;

import static autark.chip.kernel.X86General.mem;

import autark.chip.asm.Vec;
import autark.chip.asm.Vec.Width;
import autark.chip.asm.X86Assembler;
import autark.chip.quant.QuantType;
import java.util.List;

/// AVX-512 with VNNI: 16 lanes, four-way dot products with the activations broadcast from memory.
final class Avx512Machine implements X86Machine {
    /// The truth table of `d & a | b`.
    private static final int AND_OR = 0xEA;

    private final X86General general;
    private final X86Assembler asm;

    Avx512Machine(X86General.Convention convention) {
        general = new X86General(convention);
        asm = general.assembler();
    }

    @Override
    public Vec vec(VReg v) {
        return new Vec(v.number(), Width.ZMM);
    }

    @Override
    public X86General general() {
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
    public void constant(VReg d, int bits) {
        asm.vbroadcastss(vec(d), general.constant(List.of(bits)));
    }

    @Override
    public void storeBytes(At m, VReg s) {
        asm.vpmovdb(mem(m), vec(s));
    }

    @Override
    public void orMasked(VReg d, VReg mask, VReg b) {
        asm.vpternlogd(vec(d), vec(mask), vec(b), AND_OR);
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
    public void largestLane(VReg d, VReg a, VReg t) {
        fold(asm::vmaxps, a, t);
        asm.vbroadcastss(vec(d), new Vec(a.number(), Width.XMM));
    }

    @Override
    public void sumLanes(VReg d, VReg a, VReg t) {
        fold(asm::vaddps, a, t);
        asm.vbroadcastss(vec(d), new Vec(a.number(), Width.XMM));
    }

    private void fold(X86Machine.Combination combination, VReg a, VReg t) {
        Vec half = new Vec(a.number(), Width.YMM);
        Vec upper = new Vec(t.number(), Width.YMM);
        asm.vextractf64x4(upper, vec(a));
        combination.emit(half, half, upper);
        X86Machine.fold(asm, combination, a, t);
    }
}
