package autark.chip.kernel;

import static autark.chip.asm.Gpr.R10;
import static autark.chip.asm.Gpr.R11;
import static autark.chip.asm.Gpr.R8;
import static autark.chip.asm.Gpr.R9;
import static autark.chip.asm.Gpr.RBX;
import static autark.chip.asm.Gpr.RCX;
import static autark.chip.asm.Gpr.RDI;
import static autark.chip.asm.Gpr.RDX;
import static autark.chip.asm.Gpr.RSI;

import autark.chip.asm.Gpr;
import autark.chip.asm.Label;
import autark.chip.asm.Mem;
import autark.chip.asm.Vec;
import autark.chip.asm.X86Assembler;
import autark.chip.quant.BlockFormat;
import autark.chip.quant.QuantType;

/// Emits the matrix product of F32, F16 or BF16 weights with f32 activations, for a fixed number of
/// tokens: one fused multiply-add a column, in order. Arguments as in [MatmulInt8Code].
final class MatmulFloatCode {
    private static final int TOKENS_PER_BASE = 3;
    private static final Gpr[] X_BASES = {RSI, RDX, R10, R11};
    private static final Gpr X_ROW = RCX;
    private static final Gpr COLUMN = R8;
    private static final Gpr COLUMNS_LEFT = R9;
    private static final Gpr OUTPUT = RBX;

    private final VectorMachine machine;
    private final X86Assembler asm;
    private final QuantType type;
    private final Vec[] outputs;
    private final Vec weight;
    private final Vec t0;

    private MatmulFloatCode(VectorMachine machine, QuantType type, int tokens) {
        this.machine = machine;
        this.asm = machine.assembler();
        this.type = type;
        this.outputs = new Vec[tokens];
        for (int t = 0; t < tokens; t++) {
            outputs[t] = machine.vec(t);
        }
        this.weight = machine.vec(tokens);
        this.t0 = machine.vec(tokens + 1);
    }

    /// The machine code for `tokens` tokens.
    static byte[] emit(VectorMachine machine, QuantType type, int tokens) {
        new MatmulFloatCode(machine, type, tokens).emit();
        return machine.assembler().toBytes();
    }

    /// Most tokens that fit in the registers.
    static int tokensMax(VectorMachine machine) {
        return Math.min(machine.vecCount() - 2, TOKENS_PER_BASE * X_BASES.length);
    }

    private void emit() {
        asm.push(RBX);
        asm.mov(COLUMN, Mem.at(RDI, MatmulInt8Code.TILES));
        asm.mov(X_ROW, Mem.at(RDI, MatmulInt8Code.X_STRIDE));
        asm.mov(OUTPUT, Mem.at(RDI, MatmulInt8Code.Y));
        Label nextTile = new Label();
        asm.bind(nextTile);
        tile();
        asm.mov(R9, Mem.at(RDI, MatmulInt8Code.TILE_COUNT));
        asm.sub(R9, 1);
        asm.mov(Mem.at(RDI, MatmulInt8Code.TILE_COUNT), R9);
        asm.jnz(nextTile);
        asm.vzeroupper();
        asm.pop(RBX);
        asm.ret();
    }

    private void tile() {
        asm.mov(X_BASES[0], Mem.at(RDI, MatmulInt8Code.X));
        for (int base = 1; base * TOKENS_PER_BASE < outputs.length; base++) {
            asm.lea(X_BASES[base], Mem.at(X_BASES[base - 1], X_ROW, 2, 0));
            asm.add(X_BASES[base], X_ROW);
        }
        for (Vec output : outputs) {
            asm.vpxor(output, output, output);
        }
        asm.mov(COLUMNS_LEFT, Mem.at(RDI, MatmulInt8Code.BLOCK_COUNT));
        Label nextColumn = new Label();
        asm.bind(nextColumn);
        loadWeight();
        for (int t = 0; t < outputs.length; t++) {
            machine.fmaBroadcast(outputs[t], weight, x(t), t0);
        }
        asm.add(COLUMN, BlockFormat.of(type).tileBytesPerRow() * machine.lanes());
        for (int base = 0; base * TOKENS_PER_BASE < outputs.length; base++) {
            asm.add(X_BASES[base], Float.BYTES);
        }
        asm.sub(COLUMNS_LEFT, 1);
        asm.jnz(nextColumn);
        store();
    }

    private void store() {
        asm.mov(R9, OUTPUT);
        for (Vec output : outputs) {
            asm.vmovups(Mem.at(R9, 0), output);
            asm.add(R9, Mem.at(RDI, MatmulInt8Code.Y_STRIDE));
        }
        asm.add(OUTPUT, outputs[0].width().bytes());
    }

    private void loadWeight() {
        Mem m = Mem.at(COLUMN, 0);
        switch (type) {
            case F32 -> asm.vmovups(weight, m);
            case F16 -> asm.vcvtph2ps(weight, m);
            case BF16 -> {
                asm.vpmovzxwd(weight, m);
                asm.vpslld(weight, weight, 16);
            }
            case Q4_0,
                    Q4_1,
                    Q5_0,
                    Q5_1,
                    Q8_0,
                    Q2_K,
                    Q3_K,
                    Q4_K,
                    Q5_K,
                    Q6_K,
                    IQ4_NL,
                    IQ4_XS,
                    MXFP4 ->
                    throw new IllegalArgumentException(type + " is no float type");
        }
    }

    private static Mem x(int t) {
        Gpr base = X_BASES[t / TOKENS_PER_BASE];
        return t % TOKENS_PER_BASE == 0
                ? Mem.at(base, 0)
                : Mem.at(base, X_ROW, t % TOKENS_PER_BASE, 0);
    }
}
