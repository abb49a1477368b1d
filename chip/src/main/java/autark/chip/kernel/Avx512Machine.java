package autark.chip.kernel;

import autark.chip.asm.Gpr;
import autark.chip.asm.Mem;
import autark.chip.asm.Vec;
import autark.chip.asm.Vec.Width;
import autark.chip.asm.X86Assembler;

/// AVX-512 with VNNI: 16 lanes, four-way dot products with the activations broadcast from memory.
final class Avx512Machine implements VectorMachine {
    private static final int SIGN_BITS = 31;

    private final X86Assembler asm = new X86Assembler();

    @Override
    public X86Assembler assembler() {
        return asm;
    }

    @Override
    public int lanes() {
        return 16;
    }

    @Override
    public Vec vec(int number) {
        return new Vec(number, Width.ZMM);
    }

    @Override
    public int vecCount() {
        return SIGN_BITS;
    }

    @Override
    public int tokensMax() {
        return 10;
    }

    @Override
    public void prepare(Gpr constants) {
        asm.vpbroadcastd(vec(SIGN_BITS), Mem.at(constants, KernelConstants.SIGN_BITS));
    }

    @Override
    public boolean biasesSignedCodes() {
        return true;
    }

    @Override
    public void biasSigned(Vec codes) {
        asm.vpxor(codes, codes, vec(SIGN_BITS));
    }

    @Override
    public void dotUnsigned(Vec sums, Vec[] codes, int codeMax, Mem x, Vec t0, Vec t1) {
        for (int i = 0; i < codes.length; i++) {
            asm.vpdpbusdBroadcast(sums, codes[i], x.plus(4 * i));
        }
    }

    @Override
    public void dotSigned(Vec sums, Vec[] codes, Mem x, Vec t0, Vec t1) {
        dotUnsigned(sums, codes, 255, x, t0, t1);
    }

    @Override
    public void multiplyBroadcast(Vec d, Vec a, Mem m, Vec t) {
        asm.vmulpsBroadcast(d, a, m);
    }

    @Override
    public void fmaBroadcast(Vec d, Vec a, Mem m, Vec t) {
        asm.vfmadd231psBroadcast(d, a, m);
    }

    @Override
    public void loadTable(Vec d, Mem m) {
        asm.vbroadcasti128(d, m);
    }

    @Override
    public void largestLane(Vec d, Vec a, Vec t) {
        fold(asm::vmaxps, a, t);
        asm.vbroadcastss(d, a.as(Width.XMM));
    }

    @Override
    public void sumLanes(Vec a, Vec t) {
        fold(asm::vaddps, a, t);
    }

    private void fold(Avx2Machine.Combination combination, Vec a, Vec t) {
        Vec half = a.as(Width.YMM);
        asm.vextractf64x4(t.as(Width.YMM), a);
        combination.emit(half, half, t.as(Width.YMM));
        Avx2Machine.fold(asm, combination, a, t);
    }
}
