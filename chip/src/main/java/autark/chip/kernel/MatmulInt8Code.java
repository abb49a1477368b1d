package autark.chip.kernel;

import static autark.chip.asm.Gpr.R10;
import static autark.chip.asm.Gpr.R11;
import static autark.chip.asm.Gpr.R12;
import static autark.chip.asm.Gpr.R13;
import static autark.chip.asm.Gpr.R8;
import static autark.chip.asm.Gpr.R9;
import static autark.chip.asm.Gpr.RBX;
import static autark.chip.asm.Gpr.RCX;
import static autark.chip.asm.Gpr.RDI;
import static autark.chip.asm.Gpr.RDX;
import static autark.chip.asm.Gpr.RSI;

import autark.chip.Int8Rows;
import autark.chip.asm.Gpr;
import autark.chip.asm.Label;
import autark.chip.asm.Mem;
import autark.chip.asm.Vec;
import autark.chip.asm.X86Assembler;
import autark.chip.quant.BlockFormat;
import autark.chip.quant.QuantType;

/// Emits the matrix product of an integer type with int8 activations, for a fixed number of tokens.
///
/// One loop over tiles, inside it one over the blocks of a tile. A lane owns an output row. For
/// each group of 32 columns:
///
/// 1. the sums of all tokens start at minus the zero point times the sum of the activations;
/// 2. four vectors of codes at a time (16 columns) are taken out of the tile and multiplied into
///    the sums of each token, so that weights are unpacked once for all tokens;
/// 3. sums become floats and join the outputs with one fused multiply-add, a second one for types
///    with a min.
///
/// Types with a scale for each 16 columns multiply between the halves; those products and sums are
/// integers below 2^24, hence exact as floats.
final class MatmulInt8Code {
    /// Offsets of the arguments behind the one pointer that a kernel gets.
    static final int TILES = 0;

    static final int TILE_COUNT = 8;
    static final int X = 16;
    static final int X_STRIDE = 24;
    static final int Y = 32;
    static final int Y_STRIDE = 40;
    static final int BLOCK_COUNT = 48;
    static final int CONSTANTS = 56;
    static final int ARGUMENT_BYTES = 64;

    private static final int CODE_VECTORS = 4;
    private static final int TOKENS_PER_BASE = 3;
    private static final Gpr[] X_BASES = {RSI, RDX, R10, R11};
    private static final Gpr X_ROW = RCX;
    private static final Gpr BLOCK = R8;
    private static final Gpr BLOCKS_LEFT = R9;
    private static final Gpr OUTPUT = RBX;
    private static final Gpr TILES_LEFT = R12;
    private static final Gpr CONSTANT = R13;

    private final VectorMachine machine;
    private final X86Assembler asm;
    private final QuantType type;
    private final BlockFormat format;
    private final int tokens;
    private final Vec[] outputs;
    private final Vec[] sums;
    private final Vec[] codes = new Vec[CODE_VECTORS];
    private final Vec t0;
    private final Vec t1;
    private final Vec lowMask;
    private final Vec aux;
    private final Vec halfSum;
    private final Vec halfScale;

    private MatmulInt8Code(VectorMachine machine, QuantType type, int tokens) {
        this.machine = machine;
        this.asm = machine.assembler();
        this.type = type;
        this.format = BlockFormat.of(type);
        this.tokens = tokens;
        this.outputs = new Vec[tokens];
        this.sums = new Vec[tokens];
        int next = 0;
        for (int t = 0; t < tokens; t++) {
            outputs[t] = machine.vec(next++);
            sums[t] = machine.vec(next++);
        }
        for (int i = 0; i < CODE_VECTORS; i++) {
            codes[i] = machine.vec(next++);
        }
        t0 = machine.vec(next++);
        t1 = machine.vec(next++);
        lowMask = machine.vec(next++);
        aux = machine.vec(next++);
        halfSum = scaledHalves(type) ? machine.vec(next++) : t0;
        halfScale = scaledHalves(type) ? machine.vec(next++) : t0;
        assert next <= machine.vecCount();
    }

    /// The machine code for `tokens` tokens.
    static byte[] emit(VectorMachine machine, QuantType type, int tokens) {
        MatmulInt8Code kernel = new MatmulInt8Code(machine, type, tokens);
        kernel.emit();
        return machine.assembler().toBytes();
    }

    /// Most tokens that fit in the registers.
    static int tokensMax(VectorMachine machine, QuantType type) {
        return scaledHalves(type) ? machine.tokensMax() - 1 : machine.tokensMax();
    }

    private static boolean scaledHalves(QuantType type) {
        return switch (type) {
            case Q2_K, Q3_K, Q6_K -> true;
            case F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K, IQ4_NL, IQ4_XS, MXFP4 ->
                    false;
        };
    }

    private static boolean signed(QuantType type) {
        return switch (type) {
            case Q8_0, IQ4_NL, IQ4_XS, MXFP4 -> true;
            case F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> false;
        };
    }

    private int codeMax() {
        return switch (type) {
            case Q2_K -> 3;
            case Q3_K -> 7;
            case Q4_0, Q4_1, Q4_K -> 15;
            case Q5_0, Q5_1, Q5_K -> 31;
            case Q6_K -> 63;
            case Q8_0, IQ4_NL, IQ4_XS, MXFP4 -> 255;
            case F32, F16, BF16 -> throw new IllegalArgumentException(type + " has no codes");
        };
    }

    private void emit() {
        asm.push(RBX);
        asm.push(R12);
        asm.push(R13);
        asm.mov(BLOCK, Mem.at(RDI, TILES));
        asm.mov(TILES_LEFT, Mem.at(RDI, TILE_COUNT));
        asm.mov(X_ROW, Mem.at(RDI, X_STRIDE));
        asm.mov(OUTPUT, Mem.at(RDI, Y));
        asm.mov(CONSTANT, Mem.at(RDI, CONSTANTS));
        machine.prepare(CONSTANT);
        loadMasks();
        Label nextTile = new Label();
        asm.bind(nextTile);
        tile();
        asm.sub(TILES_LEFT, 1);
        asm.jnz(nextTile);
        asm.vzeroupper();
        asm.pop(R13);
        asm.pop(R12);
        asm.pop(RBX);
        asm.ret();
    }

    /// `lowMask` is that of the codes; `aux` that of their high bits, or a table of values.
    private void loadMasks() {
        switch (type) {
            case Q2_K, Q3_K -> constant(lowMask, KernelConstants.TWO_BIT_MASK);
            case Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4, Q8_0 ->
                    constant(lowMask, KernelConstants.NIBBLE_MASK);
            case F32, F16, BF16 -> throw new IllegalArgumentException(type + " has no codes");
        }
        switch (type) {
            case Q3_K, Q5_0, Q5_1, Q5_K -> constant(aux, KernelConstants.ONE_BIT_MASK);
            case Q6_K -> constant(aux, KernelConstants.TWO_BIT_MASK);
            case IQ4_NL, IQ4_XS ->
                    machine.loadTable(aux, Mem.at(CONSTANT, KernelConstants.IQ4_TABLE));
            case MXFP4 -> machine.loadTable(aux, Mem.at(CONSTANT, KernelConstants.MXFP4_TABLE));
            case F32, F16, BF16, Q4_0, Q4_1, Q8_0, Q2_K, Q4_K -> {}
        }
    }

    private void constant(Vec d, int offset) {
        asm.vpbroadcastd(d, Mem.at(CONSTANT, offset));
    }

    private void tile() {
        asm.mov(X_BASES[0], Mem.at(RDI, X));
        for (int base = 1; base * TOKENS_PER_BASE < tokens; base++) {
            asm.lea(X_BASES[base], Mem.at(X_BASES[base - 1], X_ROW, 2, 0));
            asm.add(X_BASES[base], X_ROW);
        }
        for (Vec output : outputs) {
            asm.vpxor(output, output, output);
        }
        asm.mov(BLOCKS_LEFT, Mem.at(RDI, BLOCK_COUNT));
        Label nextBlock = new Label();
        asm.bind(nextBlock);
        int groups = type.blockElements() / BlockFormat.GROUP_ELEMENTS;
        for (int group = 0; group < groups; group++) {
            group(group);
        }
        asm.add(BLOCK, format.tileBytesPerRow() * machine.lanes());
        for (int base = 0; base * TOKENS_PER_BASE < tokens; base++) {
            asm.add(X_BASES[base], groups * Int8Rows.GROUP_BYTES);
        }
        asm.sub(BLOCKS_LEFT, 1);
        asm.jnz(nextBlock);
        store();
    }

    private void store() {
        asm.mov(R9, OUTPUT);
        for (int t = 0; t < tokens; t++) {
            asm.vmovups(Mem.at(R9, 0), outputs[t]);
            asm.add(R9, Mem.at(RDI, Y_STRIDE));
        }
        asm.add(OUTPUT, outputs[0].width().bytes());
    }

    private void group(int group) {
        if (scaledHalves(type)) {
            for (Vec sum : sums) {
                asm.vpxor(sum, sum, sum);
            }
        } else {
            startSums(group, zeroPoint());
        }
        for (int half = 0; half < 2; half++) {
            for (int i = 0; i < CODE_VECTORS; i++) {
                unpack(CodeBits.of(type, group, half, i), codes[i]);
            }
            if (scaledHalves(type)) {
                scaledHalf(group, half);
            } else {
                for (int t = 0; t < tokens; t++) {
                    dot(sums[t], x(t, group, 16 * half));
                }
            }
        }
        finish(group);
        if (hasMin()) {
            finishMin(group);
        }
    }

    private void dot(Vec sum, Mem x) {
        if (signed(type)) {
            machine.dotSigned(sum, codes, x, t0, t1);
        } else {
            machine.dotUnsigned(sum, codes, codeMax(), x, t0, t1);
        }
    }

    private int zeroPoint() {
        return switch (type) {
            case Q4_0 -> KernelConstants.MINUS_8;
            case Q5_0 -> KernelConstants.MINUS_16;
            case Q8_0, IQ4_NL, IQ4_XS, MXFP4 ->
                    machine.biasesSignedCodes() ? KernelConstants.MINUS_128 : KernelConstants.NONE;
            case F32, F16, BF16, Q4_1, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> KernelConstants.NONE;
        };
    }

    private void startSums(int group, int zeroPoint) {
        if (zeroPoint == KernelConstants.NONE) {
            for (Vec sum : sums) {
                asm.vpxor(sum, sum, sum);
            }
            return;
        }
        constant(t0, zeroPoint);
        for (int t = 0; t < tokens; t++) {
            asm.vpbroadcastd(sums[t], x(t, group, Int8Rows.SUMS_OFFSET));
            asm.vpmaddwd(sums[t], sums[t], t0);
        }
    }

    private void unpack(CodeBits bits, Vec d) {
        asm.vmovdqu(d, word(bits.low().word()));
        if (bits.low().shift() > 0) {
            asm.vpsrld(d, d, bits.low().shift());
        }
        if (bits.low().mask() != 0xFF) {
            asm.vpand(d, d, lowMask);
        }
        if (bits.high().mask() != 0) {
            asm.vmovdqu(t0, word(bits.high().word()));
            if (bits.high().shift() > 0) {
                asm.vpsrld(t0, t0, bits.high().shift());
            }
            asm.vpand(t0, t0, aux);
            asm.vpslld(t0, t0, bits.highShift());
            asm.vpor(d, d, t0);
        }
        if (signed(type)) {
            if (type != QuantType.Q8_0) {
                asm.vpshufb(d, aux, d);
            }
            machine.biasSigned(d);
        }
    }

    /// One half of a group of a type with a scale for each: `sums += scale * (codes . x)`.
    private void scaledHalf(int group, int half) {
        signedBytes(halfScale, 2 * group + half);
        for (int t = 0; t < tokens; t++) {
            int zeroPoint = halfZeroPoint(half);
            if (zeroPoint == KernelConstants.NONE) {
                asm.vpxor(halfSum, halfSum, halfSum);
            } else {
                constant(t0, zeroPoint);
                asm.vpbroadcastd(halfSum, x(t, group, Int8Rows.SUMS_OFFSET));
                asm.vpmaddwd(halfSum, halfSum, t0);
            }
            dot(halfSum, x(t, group, 16 * half));
            asm.vcvtdq2ps(halfSum, halfSum);
            asm.vfmadd231ps(sums[t], halfSum, halfScale);
        }
    }

    private int halfZeroPoint(int half) {
        return switch (type) {
            case Q3_K -> KernelConstants.LOW_MINUS_4 + 4 * half;
            case Q6_K -> KernelConstants.LOW_MINUS_32 + 4 * half;
            case F32,
                    F16,
                    BF16,
                    Q4_0,
                    Q4_1,
                    Q5_0,
                    Q5_1,
                    Q8_0,
                    Q2_K,
                    Q4_K,
                    Q5_K,
                    IQ4_NL,
                    IQ4_XS,
                    MXFP4 ->
                    KernelConstants.NONE;
        };
    }

    /// A scale byte of each lane, as floats. That of Q2_K is the low nibble of its byte.
    private void signedBytes(Vec d, int index) {
        if (type == QuantType.Q2_K) {
            asm.vpmovzxbd(d, scaleByte(index));
            asm.vpand(d, d, nibbles());
        } else {
            asm.vpmovsxbd(d, scaleByte(index));
        }
        asm.vcvtdq2ps(d, d);
    }

    private Vec nibbles() {
        constant(t1, KernelConstants.NIBBLE_MASK);
        return t1;
    }

    /// `output = fma(scale * activationScale, sum, output)` for all tokens.
    private void finish(int group) {
        Vec scale = codes[0];
        Vec subscale = codes[1];
        loadScale(scale, 0);
        boolean wholeSubscale =
                switch (type) {
                    case Q4_K, Q5_K, IQ4_XS -> true;
                    case F32,
                            F16,
                            BF16,
                            Q4_0,
                            Q4_1,
                            Q5_0,
                            Q5_1,
                            Q8_0,
                            Q2_K,
                            Q3_K,
                            Q6_K,
                            IQ4_NL,
                            MXFP4 ->
                            false;
                };
        if (wholeSubscale) {
            signedBytes(subscale, group);
        }
        for (int t = 0; t < tokens; t++) {
            if (!scaledHalves(type)) {
                asm.vcvtdq2ps(sums[t], sums[t]);
            }
            if (wholeSubscale) {
                asm.vmulps(sums[t], sums[t], subscale);
            }
            machine.multiplyBroadcast(t0, scale, x(t, group, Int8Rows.SCALE_OFFSET), t1);
            asm.vfmadd231ps(outputs[t], t0, sums[t]);
        }
    }

    private boolean hasMin() {
        return MatmulInt8Scalar.hasMin(type);
    }

    /// `output = fma(min * activationScale, submin . halfSums, output)` for all tokens.
    private void finishMin(int group) {
        Vec min = codes[0];
        Vec pairs = codes[1];
        Vec product = codes[2];
        loadScale(min, 1);
        boolean negative = type != QuantType.Q4_1 && type != QuantType.Q5_1;
        loadMinPairs(pairs, group);
        for (int t = 0; t < tokens; t++) {
            asm.vpbroadcastd(product, x(t, group, Int8Rows.SUMS_OFFSET));
            asm.vpmaddwd(product, product, pairs);
            asm.vcvtdq2ps(product, product);
            machine.multiplyBroadcast(t0, min, x(t, group, Int8Rows.SCALE_OFFSET), t1);
            if (negative) {
                asm.vfnmadd231ps(outputs[t], t0, product);
            } else {
                asm.vfmadd231ps(outputs[t], t0, product);
            }
        }
    }

    /// The sub-mins of both halves as 16-bit pairs in each lane.
    private void loadMinPairs(Vec d, int group) {
        switch (type) {
            case Q4_1, Q5_1 -> constant(d, KernelConstants.ONES_16);
            case Q4_K, Q5_K -> {
                asm.vpmovzxbd(d, scaleByte(8 + group));
                asm.vpslld(t0, d, 16);
                asm.vpor(d, d, t0);
            }
            case Q2_K -> {
                asm.vpmovzxbd(d, scaleByte(2 * group));
                asm.vpsrld(d, d, 4);
                asm.vpmovzxbd(t0, scaleByte(2 * group + 1));
                asm.vpsrld(t0, t0, 4);
                asm.vpslld(t0, t0, 16);
                asm.vpor(d, d, t0);
            }
            case F32, F16, BF16, Q4_0, Q5_0, Q8_0, Q3_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4 ->
                    throw new IllegalArgumentException(type + " has no min");
        }
    }

    /// A 16-bit float of each lane: IEEE half, but bfloat16 for MXFP4.
    private void loadScale(Vec d, int half) {
        Mem m = Mem.at(BLOCK, 2 * half * machine.lanes());
        if (type == QuantType.MXFP4) {
            asm.vpmovzxwd(d, m);
            asm.vpslld(d, d, 16);
        } else {
            asm.vcvtph2ps(d, m);
        }
    }

    private Mem scaleByte(int index) {
        return Mem.at(BLOCK, (2 * format.halfCount() + index) * machine.lanes());
    }

    private Mem word(int index) {
        int before = 2 * format.halfCount() + format.byteCount();
        return Mem.at(BLOCK, (before + 4 * index) * machine.lanes());
    }

    /// Bytes of token `t`: `offset` from the start of a group of the current block.
    private static Mem x(int t, int group, int offset) {
        int displacement = group * Int8Rows.GROUP_BYTES + offset;
        Gpr base = X_BASES[t / TOKENS_PER_BASE];
        return switch (t % TOKENS_PER_BASE) {
            case 0 -> Mem.at(base, displacement);
            default -> Mem.at(base, X_ROW, t % TOKENS_PER_BASE, displacement);
        };
    }
}
