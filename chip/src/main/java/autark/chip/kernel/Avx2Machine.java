package autark.chip.kernel;

import autark.chip.asm.Gpr;
import autark.chip.asm.Mem;
import autark.chip.asm.Vec;
import autark.chip.asm.Vec.Width;
import autark.chip.asm.X86Assembler;

/// AVX2 with FMA: 8 lanes. A dot product goes through 16-bit sums: unsigned codes times signed
/// activations in pairs, as many of them added as surely fit, then widened once.
final class Avx2Machine implements VectorMachine {
    /// Orders for [X86Assembler#vpermilps]: floats 2 3 0 1, and 1 0 3 2.
    private static final int SWAP_PAIRS = 0x4E;

    private static final int SWAP_NEIGHBOURS = 0xB1;

    private static final int ONES_16 = 15;
    private static final int PAIR_SUM_MAX = Short.MAX_VALUE;
    private static final int ACTIVATION_MAX = 127;

    private final X86Assembler asm = new X86Assembler();

    @Override
    public X86Assembler assembler() {
        return asm;
    }

    @Override
    public int lanes() {
        return 8;
    }

    @Override
    public Vec vec(int number) {
        return new Vec(number, Width.YMM);
    }

    @Override
    public int vecCount() {
        return ONES_16;
    }

    @Override
    public int tokensMax() {
        return 3;
    }

    @Override
    public void prepare(Gpr constants) {
        asm.vpbroadcastd(vec(ONES_16), Mem.at(constants, KernelConstants.ONES_16));
    }

    @Override
    public boolean biasesSignedCodes() {
        return false;
    }

    @Override
    public void biasSigned(Vec codes) {}

    @Override
    public void dotUnsigned(Vec sums, Vec[] codes, int codeMax, Mem x, Vec t0, Vec t1) {
        int together = Math.max(1, PAIR_SUM_MAX / (2 * codeMax * ACTIVATION_MAX));
        for (int i = 0; i < codes.length; i++) {
            boolean first = i % together == 0;
            Vec product = first ? t0 : t1;
            asm.vpbroadcastd(product, x.plus(4 * i));
            asm.vpmaddubsw(product, codes[i], product);
            if (!first) {
                asm.vpaddw(t0, t0, t1);
            }
            if (i == codes.length - 1 || (i + 1) % together == 0) {
                widen(sums, t0);
            }
        }
    }

    /// Moves the signs of the codes to the activations, so that the codes become unsigned; a code
    /// of -128 becomes 128, and a pair of products still fits in 16 bits.
    @Override
    public void dotSigned(Vec sums, Vec[] codes, Mem x, Vec t0, Vec t1) {
        for (int i = 0; i < codes.length; i++) {
            asm.vpbroadcastd(t0, x.plus(4 * i));
            asm.vpsignb(t0, t0, codes[i]);
            asm.vpabsb(t1, codes[i]);
            asm.vpmaddubsw(t0, t1, t0);
            widen(sums, t0);
        }
    }

    private void widen(Vec sums, Vec pairs) {
        asm.vpmaddwd(pairs, pairs, vec(ONES_16));
        asm.vpaddd(sums, sums, pairs);
    }

    @Override
    public void multiplyBroadcast(Vec d, Vec a, Mem m, Vec t) {
        asm.vbroadcastss(t, m);
        asm.vmulps(d, a, t);
    }

    @Override
    public void fmaBroadcast(Vec d, Vec a, Mem m, Vec t) {
        asm.vbroadcastss(t, m);
        asm.vfmadd231ps(d, a, t);
    }

    @Override
    public void loadTable(Vec d, Mem m) {
        asm.vbroadcasti128(d, m);
    }

    @Override
    public void largestLane(Vec d, Vec a, Vec t) {
        fold(asm, asm::vmaxps, a, t);
        asm.vbroadcastss(d, a.as(Width.XMM));
    }

    @Override
    public void sumLanes(Vec a, Vec t) {
        fold(asm, asm::vaddps, a, t);
    }

    /// An operation on the lanes of two registers.
    @FunctionalInterface
    interface Combination {
        void emit(Vec d, Vec a, Vec b);
    }

    /// Combines the halves of the 256 bits of `a` until one lane is left, the first.
    static void fold(X86Assembler asm, Combination combination, Vec a, Vec t) {
        Vec low = a.as(Width.XMM);
        Vec high = t.as(Width.XMM);
        asm.vextractf128(high, a.as(Width.YMM));
        combination.emit(low, low, high);
        asm.vpermilps(high, low, SWAP_PAIRS);
        combination.emit(low, low, high);
        asm.vpermilps(high, low, SWAP_NEIGHBOURS);
        combination.emit(low, low, high);
    }
}
