package autark.chip.kernel;

import autark.chip.asm.Gpr;
import autark.chip.asm.Mem;
import autark.chip.asm.Vec;
import autark.chip.asm.X86Assembler;

/// The vector operations that kernels are written in, each emitted as the instructions that one
/// instruction set is best at. A kernel is written once against it and allocates registers by
/// number.
///
/// Integer lanes are 32 bits wide; `codes` are bytes, four to a lane.
sealed interface VectorMachine permits Avx2Machine, Avx512Machine {
    X86Assembler assembler();

    /// 32-bit lanes of a vector.
    int lanes();

    /// Vector register `number` at full width.
    Vec vec(int number);

    /// Registers that kernels may use, counted from 0; those above belong to the machine.
    int vecCount();

    /// Most tokens that a matmul keeps in registers.
    int tokensMax();

    /// Loads what the machine needs; `constants` points to [KernelConstants].
    void prepare(Gpr constants);

    /// Whether signed codes are passed to [#dotSigned] with 128 added, its sum then being too large
    /// by 128 times the sum of the activations.
    boolean biasesSignedCodes();

    /// `codes ^= 0x80` where signed codes are biased.
    void biasSigned(Vec codes);

    /// `sums += codes . x` over four vectors of unsigned codes, none above `codeMax`, and the 16
    /// activations at `x`.
    ///
    /// @param t0 scratch
    /// @param t1 scratch
    void dotUnsigned(Vec sums, Vec[] codes, int codeMax, Mem x, Vec t0, Vec t1);

    /// The same with signed codes, biased if the machine wants it.
    void dotSigned(Vec sums, Vec[] codes, Mem x, Vec t0, Vec t1);

    /// `d = a * broadcast(m)`.
    void multiplyBroadcast(Vec d, Vec a, Mem m, Vec t);

    /// `d = fma(a, broadcast(m), d)`.
    void fmaBroadcast(Vec d, Vec a, Mem m, Vec t);

    /// A table of 16 bytes for [X86Assembler#vpshufb], in each 128 bits.
    void loadTable(Vec d, Mem m);

    /// All lanes of `d` become the largest lane of `a`, which is overwritten.
    ///
    /// @param t scratch
    void largestLane(Vec d, Vec a, Vec t);

    /// The first lane of `a` becomes the sum of its lanes, halves added until one is left.
    ///
    /// @param t scratch
    void sumLanes(Vec a, Vec t);
}
