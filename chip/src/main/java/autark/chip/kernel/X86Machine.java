package autark.chip.kernel;

import static autark.chip.kernel.X86General.mem;

import autark.chip.asm.Vec;
import autark.chip.asm.Vec.Width;
import autark.chip.asm.X86Assembler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;

/// The operations that x86-64 vectors of all widths have alike.
sealed interface X86Machine extends VectorMachine permits Avx2Machine, Avx512Machine {
    /// Orders for [X86Assembler#vpermilps]: floats 2 3 0 1, and 1 0 3 2.
    int SWAP_PAIRS = 0x4E;

    int SWAP_NEIGHBOURS = 0xB1;

    /// The register at the width of the machine.
    Vec vec(VReg v);

    private X86Assembler assembler() {
        return general().assembler();
    }

    @Override
    X86General general();

    @Override
    default void load(VReg d, At m) {
        assembler().vmovups(vec(d), mem(m));
    }

    @Override
    default void store(At m, VReg s) {
        assembler().vmovups(mem(m), vec(s));
    }

    @Override
    default void copy(VReg d, VReg s) {
        assembler().vmovdqa(vec(d), vec(s));
    }

    @Override
    default void zero(VReg d) {
        assembler().vpxor(vec(d), vec(d), vec(d));
    }

    @Override
    default void broadcast(VReg d, At m) {
        assembler().vbroadcastss(vec(d), mem(m));
    }

    @Override
    default void loadHalves(VReg d, At m) {
        assembler().vcvtph2ps(vec(d), mem(m));
    }

    @Override
    default void storeHalves(At m, VReg s) {
        assembler().vcvtps2ph(mem(m), vec(s));
    }

    @Override
    default void loadBfloats(VReg d, At m) {
        assembler().vpmovzxwd(vec(d), mem(m));
        assembler().vpslld(vec(d), vec(d), 16);
    }

    @Override
    default void loadUnsignedBytes(VReg d, At m) {
        assembler().vpmovzxbd(vec(d), mem(m));
    }

    @Override
    default void loadSignedBytes(VReg d, At m) {
        assembler().vpmovsxbd(vec(d), mem(m));
    }

    @Override
    default void and(VReg d, VReg a, VReg b) {
        assembler().vpand(vec(d), vec(a), vec(b));
    }

    @Override
    default void andNot(VReg d, VReg a, VReg b) {
        assembler().vpandn(vec(d), vec(a), vec(b));
    }

    @Override
    default void or(VReg d, VReg a, VReg b) {
        assembler().vpor(vec(d), vec(a), vec(b));
    }

    @Override
    default void shiftLeft(VReg d, VReg a, int bits) {
        assembler().vpslld(vec(d), vec(a), bits);
    }

    @Override
    default void shiftRight(VReg d, VReg a, int bits) {
        assembler().vpsrld(vec(d), vec(a), bits);
    }

    @Override
    default void shiftRightSigned(VReg d, VReg a, int bits) {
        assembler().vpsrad(vec(d), vec(a), bits);
    }

    @Override
    default void addInts(VReg d, VReg a, VReg b) {
        assembler().vpaddd(vec(d), vec(a), vec(b));
    }

    @Override
    default void toFloats(VReg d, VReg a) {
        assembler().vcvtdq2ps(vec(d), vec(a));
    }

    @Override
    default void toInts(VReg d, VReg a) {
        assembler().vcvtps2dq(vec(d), vec(a));
    }

    @Override
    default void add(VReg d, VReg a, VReg b) {
        assembler().vaddps(vec(d), vec(a), vec(b));
    }

    @Override
    default void subtract(VReg d, VReg a, VReg b) {
        assembler().vsubps(vec(d), vec(a), vec(b));
    }

    @Override
    default void multiply(VReg d, VReg a, VReg b) {
        assembler().vmulps(vec(d), vec(a), vec(b));
    }

    @Override
    default void divide(VReg d, VReg a, VReg b) {
        assembler().vdivps(vec(d), vec(a), vec(b));
    }

    @Override
    default void max(VReg d, VReg a, VReg b) {
        assembler().vmaxps(vec(d), vec(a), vec(b));
    }

    @Override
    default void min(VReg d, VReg a, VReg b) {
        assembler().vminps(vec(d), vec(a), vec(b));
    }

    @Override
    default void squareRoot(VReg d, VReg a) {
        assembler().vsqrtps(vec(d), vec(a));
    }

    @Override
    default void fma(VReg d, VReg a, VReg b) {
        assembler().vfmadd231ps(vec(d), vec(a), vec(b));
    }

    @Override
    default void multiplyAdd(VReg d, VReg a, VReg b) {
        assembler().vfmadd213ps(vec(d), vec(a), vec(b));
    }

    @Override
    default void startSums(VReg d, At m, int bits) {
        assembler().vpbroadcastd(vec(d), mem(m));
        if (bits > 0) {
            assembler().vpsrad(vec(d), vec(d), bits);
        }
    }

    @Override
    default void lookUp(VReg d, VReg table, VReg index) {
        assembler().vpshufb(vec(d), vec(table), vec(index));
    }

    @Override
    default void loadTable(VReg d, byte[] table) {
        assembler().vbroadcasti128(vec(d), general().constant(words(table)));
    }

    @Override
    default void storeFirst(At m, VReg s) {
        assembler().vmovss(mem(m), new Vec(s.number(), Width.XMM));
    }

    @Override
    default void swapNeighbours(VReg d, VReg a) {
        assembler().vpermilps(vec(d), vec(a), SWAP_NEIGHBOURS);
    }

    /// The bytes as 32-bit words, little-endian.
    static List<Integer> words(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return IntStream.range(0, bytes.length / 4).mapToObj(i -> buffer.getInt(4 * i)).toList();
    }

    /// An operation on the lanes of two registers.
    @FunctionalInterface
    interface Combination {
        void emit(Vec d, Vec a, Vec b);
    }

    /// Combines the halves of the low 256 bits of `a` until one lane is left, the first.
    static void fold(X86Assembler asm, Combination combination, VReg a, VReg t) {
        Vec low = new Vec(a.number(), Width.XMM);
        Vec high = new Vec(t.number(), Width.XMM);
        asm.vextractf128(high, new Vec(a.number(), Width.YMM));
        combination.emit(low, low, high);
        asm.vpermilps(high, low, SWAP_PAIRS);
        combination.emit(low, low, high);
        asm.vpermilps(high, low, SWAP_NEIGHBOURS);
        combination.emit(low, low, high);
    }
}
