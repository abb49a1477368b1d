package autark.chip.kernel;

import static autark.chip.kernel.At.at;

import autark.chip.quant.BlockFormat;
import autark.chip.quant.QuantType;

/// Emits the matrix product of F32, F16 or BF16 weights with f32 activations, for a fixed number of
/// tokens: one fused multiply-add a column, in order.
///
/// Arguments: first tile, number of tiles, activations, first output, columns, and in one word the
/// bytes from token to token of the activations (lower half) and of the outputs (upper half).
final class MatmulFloatCode {
    private static final int TOKENS_MAX = 12;
    private static final int TOKENS_PER_BASE = 2;

    private static final Reg COLUMN = new Reg(0);
    private static final Reg TILES_LEFT = new Reg(1);
    private static final Reg X = new Reg(2);
    private static final Reg OUTPUT = new Reg(3);
    private static final Reg COLUMN_COUNT = new Reg(4);
    private static final Reg STRIDES = new Reg(5);
    private static final Reg X_STRIDE = new Reg(6);
    private static final Reg COLUMNS_LEFT = new Reg(7);
    private static final int FIRST_BASE = 8;

    private final VectorMachine machine;
    private final GeneralMachine general;
    private final QuantType type;
    private final VReg[] outputs;
    private final Reg[] bases;
    private final VReg weight;
    private final VReg t0;
    private final TileCodes unpacking;

    private MatmulFloatCode(VectorMachine machine, QuantType type, int tokens) {
        this.machine = machine;
        this.general = machine.general();
        this.type = type;
        this.outputs = new VReg[tokens];
        for (int t = 0; t < tokens; t++) {
            outputs[t] = new VReg(t);
        }
        this.bases = new Reg[(tokens + TOKENS_PER_BASE - 1) / TOKENS_PER_BASE];
        for (int i = 0; i < bases.length; i++) {
            bases[i] = new Reg(FIRST_BASE + i);
        }
        this.weight = new VReg(tokens);
        this.t0 = new VReg(tokens + 1);
        this.unpacking = new TileCodes(machine, type, COLUMN, t0, t0);
    }

    /// The machine code for `tokens` tokens.
    static byte[] emit(VectorMachine machine, QuantType type, int tokens) {
        new MatmulFloatCode(machine, type, tokens).emit();
        return machine.general().code();
    }

    /// Most tokens that fit in the registers.
    static int tokensMax(VectorMachine machine) {
        return Math.min(machine.registers() - 2, TOKENS_MAX);
    }

    private void emit() {
        general.begin();
        general.lowerHalf(X_STRIDE, STRIDES);
        general.upperHalf(STRIDES, STRIDES);
        general.repeat(TILES_LEFT, this::tile);
        general.end();
    }

    private void tile() {
        general.move(bases[0], X);
        for (int i = 1; i < bases.length; i++) {
            general.move(bases[i], bases[i - 1]);
            general.add(bases[i], X_STRIDE);
            general.add(bases[i], X_STRIDE);
        }
        for (VReg output : outputs) {
            machine.zero(output);
        }
        general.move(COLUMNS_LEFT, COLUMN_COUNT);
        general.repeat(COLUMNS_LEFT, this::column);
        Reg store = bases[0];
        general.move(store, OUTPUT);
        for (VReg output : outputs) {
            machine.store(at(store, 0), output);
            general.add(store, STRIDES);
        }
        general.add(OUTPUT, Float.BYTES * machine.lanes());
    }

    private void column() {
        if (outputs.length <= MatmulInt8Code.PREFETCH_TOKENS_MAX) {
            general.prefetch(at(COLUMN, MatmulInt8Code.PREFETCH_BYTES));
        }
        unpacking.loadFloatWeight(weight, at(COLUMN, 0));
        for (int t = 0; t < outputs.length; t++) {
            Reg base = bases[t / TOKENS_PER_BASE];
            At x = t % TOKENS_PER_BASE == 0 ? at(base, 0) : at(base, X_STRIDE, 0);
            machine.fmaBroadcast(outputs[t], weight, x, t0);
        }
        general.add(COLUMN, BlockFormat.of(type).tileBytesPerRow() * machine.lanes());
        for (Reg base : bases) {
            general.add(base, Float.BYTES);
        }
    }
}
