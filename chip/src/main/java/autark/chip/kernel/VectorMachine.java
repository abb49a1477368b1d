package autark.chip.kernel;

import autark.chip.quant.QuantType;

/// The vector half of the machine that kernels are written for. A kernel is written once against
/// it; each instruction set emits what it is best at.
///
/// A vector has [#lanes] lanes of 32 bits. `codes` are bytes, four to a lane. The operations named
/// without a type are on floats and round to nearest, ties to even. `t`, `t0` and `t1` are scratch
/// registers, different from all others. Reductions want registers numbered below 16.
sealed interface VectorMachine permits X86Machine, NeonMachine {
    /// Lanes of the reductions, whatever the width of a vector.
    int VIRTUAL_LANES = 16;

    GeneralMachine general();

    /// 32-bit lanes of a vector.
    int lanes();

    /// Registers that kernels may use.
    int registers();

    /// Rows of a panel of activations: a multiple of the tokens of each [Blocking].
    int panelRows();

    /// What an int8 product keeps in registers for weights of this type.
    Blocking blocking(QuantType type);

    /// What an int8 product keeps in registers: an output and a sum for each token and tile.
    ///
    /// @param tiles tiles taken at once: activations are loaded once for all
    /// @param tokens most tokens taken at once: weights are unpacked once for all
    /// @param codes vectors of codes of a tile that are taken out at once, 1, 2 or 4
    record Blocking(int tiles, int tokens, int codes) {}

    // Moves.

    void load(VReg d, At m);

    void store(At m, VReg s);

    void copy(VReg d, VReg s);

    void zero(VReg d);

    /// All lanes become the 32 bits at `m`.
    void broadcast(VReg d, At m);

    /// All lanes become these bits, which are kept behind the code.
    void constant(VReg d, int bits);

    default void constant(VReg d, float value) {
        constant(d, Float.floatToRawIntBits(value));
    }

    /// Loads 16-bit floats, one a lane.
    void loadHalves(VReg d, At m);

    /// Stores floats as 16-bit ones.
    void storeHalves(At m, VReg s);

    /// Loads bfloat16, one a lane.
    void loadBfloats(VReg d, At m);

    /// Loads bytes as integers, one a lane.
    void loadUnsignedBytes(VReg d, At m);

    void loadSignedBytes(VReg d, At m);

    /// Stores integers from -128 to 127 as bytes; `s` may be overwritten.
    void storeBytes(At m, VReg s);

    /// Stores the 32 bits of the first lane.
    void storeFirst(At m, VReg s);

    // Bits and integers.

    void and(VReg d, VReg a, VReg b);

    /// `d = d & mask | b`.
    void orMasked(VReg d, VReg mask, VReg b);

    /// `d = ~a & b`.
    void andNot(VReg d, VReg a, VReg b);

    void or(VReg d, VReg a, VReg b);

    void shiftLeft(VReg d, VReg a, int bits);

    void shiftRight(VReg d, VReg a, int bits);

    void shiftRightSigned(VReg d, VReg a, int bits);

    void addInts(VReg d, VReg a, VReg b);

    void toFloats(VReg d, VReg a);

    /// To nearest, ties to even.
    void toInts(VReg d, VReg a);

    // Floats.

    void add(VReg d, VReg a, VReg b);

    void subtract(VReg d, VReg a, VReg b);

    void multiply(VReg d, VReg a, VReg b);

    void divide(VReg d, VReg a, VReg b);

    void max(VReg d, VReg a, VReg b);

    void min(VReg d, VReg a, VReg b);

    void squareRoot(VReg d, VReg a);

    /// `d = a * b + d`, rounded once.
    void fma(VReg d, VReg a, VReg b);

    /// `d = d * a + b`, rounded once.
    void multiplyAdd(VReg d, VReg a, VReg b);

    /// `d = a * broadcast(m)`.
    void multiplyBroadcast(VReg d, VReg a, At m, VReg t);

    /// `d = a * broadcast(m) + d`, rounded once.
    void fmaBroadcast(VReg d, VReg a, At m, VReg t);

    /// Swaps lanes 0 and 1, 2 and 3, and so on.
    void swapNeighbours(VReg d, VReg a);

    // Compound operations.

    /// All lanes become the integer at `m`, shifted right with its sign.
    void startSums(VReg d, At m, int bits);

    /// Whether signed codes are passed to [#dotSigned] with 128 added, its sum then being too large
    /// by 128 times the sum of the activations.
    boolean biasesSignedCodes();

    /// `codes ^= 0x80` where signed codes are biased.
    ///
    /// @param signBits 0x80 in each byte
    void biasSigned(VReg codes, VReg signBits);

    /// `sums[i] += codes[i] . x` for each tile `i`, over its vectors of unsigned codes, none above
    /// `codeMax`, and as many times four activations at `x`.
    void dotUnsigned(VReg[] sums, VReg[][] codes, int codeMax, At x, VReg t0, VReg t1);

    /// The same with signed codes, biased if the machine wants it.
    void dotSigned(VReg[] sums, VReg[][] codes, At x, VReg t0, VReg t1);

    /// `sums += codes . x`, all in registers: the one operation that products are made of, as it is
    /// done at best.
    void dotRegisters(VReg sums, VReg codes, VReg x, VReg t);

    /// Loads what the dot products keep in a register of their own, if anything.
    void prepareDots();

    /// Loads a table of 16 bytes for [#lookUp].
    void loadTable(VReg d, byte[] table);

    /// Each byte of `index`, 0 to 15, becomes the byte of the table.
    void lookUp(VReg d, VReg table, VReg index);

    /// All lanes of `d` become the largest lane of `a`, which is overwritten.
    void largestLane(VReg d, VReg a, VReg t);

    /// All lanes of `d` become the sum of the lanes of `a`, halves added until one is left; `a` is
    /// overwritten.
    void sumLanes(VReg d, VReg a, VReg t);

    /// All lanes of `d` become the sum of the virtual lanes in `parts`, halves added until one is
    /// left; they are overwritten.
    default void sumVirtualLanes(VReg d, VReg[] parts, VReg t) {
        for (int half = parts.length / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                add(parts[i], parts[i], parts[i + half]);
            }
        }
        sumLanes(d, parts[0], t);
    }
}
