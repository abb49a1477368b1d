package autark.chip.kernel;

import static autark.chip.kernel.X86General.mem;

import autark.chip.asm.Mem;
import autark.chip.asm.Vec;
import autark.chip.asm.Vec.Width;
import autark.chip.asm.X86Assembler;
import autark.chip.quant.QuantType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// AVX2 with FMA: 8 lanes. A dot product goes through 16-bit sums: unsigned codes times signed
/// activations in pairs, as many of them added as surely fit, then widened once. Where the
/// processor has AVX-VNNI, one instruction does it instead.
final class Avx2Machine implements VectorMachine {
    /// Orders for [X86Assembler#vpermilps]: floats 2 3 0 1, and 1 0 3 2.
    private static final int SWAP_PAIRS = 0x4E;

    static final int SWAP_NEIGHBOURS = 0xB1;

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

    private static Vec vec(VReg v) {
        return new Vec(v.number(), Width.YMM);
    }

    private static Vec xmm(VReg v) {
        return new Vec(v.number(), Width.XMM);
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
        return switch (dots) {
            case PAIRS -> 15;
            case VNNI -> 16;
        };
    }

    @Override
    public int panelRows() {
        return 3;
    }

    @Override
    public Blocking blocking(QuantType type) {
        return new Blocking(1, 3, 4);
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
        asm.vmovups(vec(d), whole(bits));
    }

    private Mem whole(int bits) {
        return general.constant(Collections.nCopies(LANES, bits));
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
    public void storeFirst(At m, VReg s) {
        asm.vmovss(mem(m), xmm(s));
    }

    @Override
    public void and(VReg d, VReg a, VReg b) {
        asm.vpand(vec(d), vec(a), vec(b));
    }

    @Override
    public void orMasked(VReg d, VReg mask, VReg b) {
        and(d, d, mask);
        or(d, d, b);
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
        asm.vbroadcastss(vec(t), mem(m));
        asm.vmulps(vec(d), vec(a), vec(t));
    }

    @Override
    public void fmaBroadcast(VReg d, VReg a, At m, VReg t) {
        asm.vbroadcastss(vec(t), mem(m));
        asm.vfmadd231ps(vec(d), vec(a), vec(t));
    }

    @Override
    public void swapNeighbours(VReg d, VReg a) {
        asm.vpermilps(vec(d), vec(a), SWAP_NEIGHBOURS);
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
    public void loadTable(VReg d, byte[] table) {
        asm.vbroadcasti128(vec(d), general.constant(words(table)));
    }

    /// The bytes as 32-bit words, little-endian.
    static List<Integer> words(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return IntStream.range(0, bytes.length / 4).mapToObj(i -> buffer.getInt(4 * i)).toList();
    }

    @Override
    public void lookUp(VReg d, VReg table, VReg index) {
        asm.vpshufb(vec(d), vec(table), vec(index));
    }

    @Override
    public void largestLane(VReg d, VReg a, VReg t) {
        fold(asm, asm::vmaxps, a, t);
        asm.vbroadcastss(vec(d), xmm(a));
    }

    @Override
    public void sumLanes(VReg d, VReg a, VReg t) {
        fold(asm, asm::vaddps, a, t);
        asm.vbroadcastss(vec(d), xmm(a));
    }

    /// An operation on the lanes of two registers.
    @FunctionalInterface
    interface Combination {
        void emit(Vec d, Vec a, Vec b);
    }

    /// Combines the halves of the low 256 bits of `a` until one lane is left, the first.
    static void fold(X86Assembler asm, Combination combination, VReg a, VReg t) {
        Vec low = xmm(a);
        Vec high = xmm(t);
        asm.vextractf128(high, vec(a));
        combination.emit(low, low, high);
        asm.vpermilps(high, low, SWAP_PAIRS);
        combination.emit(low, low, high);
        asm.vpermilps(high, low, SWAP_NEIGHBOURS);
        combination.emit(low, low, high);
    }
}
