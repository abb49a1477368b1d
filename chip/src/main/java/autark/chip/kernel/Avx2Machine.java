package autark.chip.kernel;

import static autark.chip.kernel.X86General.mem;

import autark.chip.asm.Mem;
import autark.chip.asm.Vec;
import autark.chip.asm.Vec.Width;
import autark.chip.asm.X86Assembler;
import autark.chip.quant.QuantType;
import java.util.Collections;

/// AVX2 with FMA: 8 lanes. A dot product goes through 16-bit sums: unsigned codes times signed
/// activations in pairs, as many of them added as surely fit, then widened once. Where the
/// processor has AVX-VNNI, one instruction does it instead.
final class Avx2Machine implements X86Machine {
    private static final int LANES = 8;
    private static final int PAIR_SUM_MAX = Short.MAX_VALUE;
    private static final int ACTIVATION_MAX = 127;

    /// Holds ones, 16 bits each, where dot products go through 16-bit sums.
    private static final Vec ONES = new Vec(15, Width.YMM);

    private final X86General general;
    private final X86Assembler asm;
    private final Dots dots;

    /// How dot products are made.
    enum Dots {
        PAIRS,
        VNNI
    }

    Avx2Machine(X86General.Convention convention, Dots dots) {
        general = new X86General(convention);
        asm = general.assembler();
        this.dots = dots;
    }

    @Override
    public Vec vec(VReg v) {
        return new Vec(v.number(), Width.YMM);
    }

    private static Vec xmm(VReg v) {
        return new Vec(v.number(), Width.XMM);
    }

    @Override
    public X86General general() {
        return general;
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public int registers() {
        return switch (dots) {
            case PAIRS -> 15;
            case VNNI -> 16;
        };
    }

    @Override
    public int panelRows() {
        return switch (dots) {
            case PAIRS -> 3;
            case VNNI -> 5;
        };
    }

    @Override
    public Blocking blocking(QuantType type) {
        return switch (dots) {
            case PAIRS -> new Blocking(1, 3, 4);
            case VNNI -> new Blocking(1, 5, 1);
        };
    }

    @Override
    public void constant(VReg d, int bits) {
        asm.vmovups(vec(d), whole(bits));
    }

    private Mem whole(int bits) {
        return general.constant(Collections.nCopies(LANES, bits));
    }

    /// Overwrites `s`.
    @Override
    public void storeBytes(At m, VReg s) {
        asm.vpackssdw(vec(s), vec(s), vec(s));
        asm.vpacksswb(vec(s), vec(s), vec(s));
        Mem first = mem(m);
        asm.vmovd(first, xmm(s));
        asm.vextractf128(xmm(s), vec(s));
        asm.vmovd(mem(m.plus(4)), xmm(s));
    }

    @Override
    public void orMasked(VReg d, VReg mask, VReg b) {
        and(d, d, mask);
        or(d, d, b);
    }

    @Override
    public void multiplyBroadcast(VReg d, VReg a, At m, VReg t) {
        asm.vbroadcastss(vec(t), mem(m));
        asm.vmulps(vec(d), vec(a), vec(t));
    }

    @Override
    public void fmaBroadcast(VReg d, VReg a, At m, VReg t) {
        asm.vbroadcastss(vec(t), mem(m));
        asm.vfmadd231ps(vec(d), vec(a), vec(t));
    }

    @Override
    public boolean biasesSignedCodes() {
        return dots == Dots.VNNI;
    }

    @Override
    public void biasSigned(VReg codes, VReg signBits) {
        if (biasesSignedCodes()) {
            asm.vpxor(vec(codes), vec(codes), vec(signBits));
        }
    }

    @Override
    public void dotUnsigned(VReg[] sums, VReg[][] codes, int codeMax, At x, VReg t0, VReg t1) {
        for (int tile = 0; tile < sums.length; tile++) {
            switch (dots) {
                case PAIRS -> dotByPairs(sums[tile], codes[tile], codeMax, x, t0, t1);
                case VNNI -> dotByVnni(sums[tile], codes[tile], x, t0);
            }
        }
    }

    private void dotByVnni(VReg sums, VReg[] codes, At x, VReg t) {
        for (int i = 0; i < codes.length; i++) {
            asm.vpbroadcastd(vec(t), mem(x.plus(4 * i)));
            asm.vpdpbusd(vec(sums), vec(codes[i]), vec(t));
        }
    }

    private void dotByPairs(VReg sums, VReg[] codes, int codeMax, At x, VReg t0, VReg t1) {
        int together = Math.max(1, PAIR_SUM_MAX / (2 * codeMax * ACTIVATION_MAX));
        for (int i = 0; i < codes.length; i++) {
            boolean first = i % together == 0;
            Vec product = vec(first ? t0 : t1);
            asm.vpbroadcastd(product, mem(x.plus(4 * i)));
            asm.vpmaddubsw(product, vec(codes[i]), product);
            if (!first) {
                asm.vpaddw(vec(t0), vec(t0), product);
            }
            if (i == codes.length - 1 || (i + 1) % together == 0) {
                widen(vec(sums), vec(t0));
            }
        }
    }

    /// By pairs, the signs of the codes move to the activations, so that the codes become unsigned;
    /// a code of -128 becomes 128, and a pair of products still fits in 16 bits.
    @Override
    public void dotSigned(VReg[] sums, VReg[][] codes, At x, VReg t0, VReg t1) {
        for (int tile = 0; tile < sums.length; tile++) {
            switch (dots) {
                case PAIRS -> dotSignedByPairs(sums[tile], codes[tile], x, t0, t1);
                case VNNI -> dotByVnni(sums[tile], codes[tile], x, t0);
            }
        }
    }

    private void dotSignedByPairs(VReg sums, VReg[] codes, At x, VReg t0, VReg t1) {
        for (int i = 0; i < codes.length; i++) {
            asm.vpbroadcastd(vec(t0), mem(x.plus(4 * i)));
            asm.vpsignb(vec(t0), vec(t0), vec(codes[i]));
            asm.vpabsb(vec(t1), vec(codes[i]));
            asm.vpmaddubsw(vec(t0), vec(t1), vec(t0));
            widen(vec(sums), vec(t0));
        }
    }

    private void widen(Vec sums, Vec pairs) {
        asm.vpmaddwd(pairs, pairs, ONES);
        asm.vpaddd(sums, sums, pairs);
    }

    /// By pairs, the sums are of 16 bits: widening them is left out.
    @Override
    public void dotRegisters(VReg sums, VReg codes, VReg x, VReg t) {
        switch (dots) {
            case PAIRS -> {
                asm.vpmaddubsw(vec(t), vec(codes), vec(x));
                asm.vpaddw(vec(sums), vec(sums), vec(t));
            }
            case VNNI -> asm.vpdpbusd(vec(sums), vec(codes), vec(x));
        }
    }

    @Override
    public void prepareDots() {
        if (dots == Dots.PAIRS) {
            asm.vmovups(ONES, whole(0x00010001));
        }
    }

    @Override
    public void largestLane(VReg d, VReg a, VReg t) {
        X86Machine.fold(asm, asm::vmaxps, a, t);
        asm.vbroadcastss(vec(d), xmm(a));
    }

    @Override
    public void sumLanes(VReg d, VReg a, VReg t) {
        X86Machine.fold(asm, asm::vaddps, a, t);
        asm.vbroadcastss(vec(d), xmm(a));
    }
}
