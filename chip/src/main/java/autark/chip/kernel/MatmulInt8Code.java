package autark.chip.kernel;

import static autark.chip.kernel.At.at;

import autark.chip.Int8Rows;
import autark.chip.quant.BlockFormat;
import autark.chip.quant.QuantType;

/// Emits the matrix product of an integer type with int8 activations, for a fixed number of tokens.
///
/// Arguments: first tile, number of tiles, panel of activations, first output, blocks a row, bytes
/// from the output of a token to that of the next.
///
/// One loop over tiles, inside it one over the blocks of a tile. A lane owns an output row. Columns
/// that share a scale, 32 or 16 of them, are a span. For each span:
///
/// 1. the sums of all tokens start at minus the zero point times the sum of the activations, which
///    the activations bring along;
/// 2. four vectors of codes at a time (16 columns) are taken out of the tile and multiplied into
///    the sums of each token, so that weights are unpacked once for all tokens;
/// 3. sums become floats and join the outputs with one fused multiply-add; a second one, for types
///    with a min, joins the min times the scaled sum of the activations.
final class MatmulInt8Code {
    private static final int CODE_VECTORS = 4;
    private static final int HALF_COLUMNS = 16;

    private static final Reg TILE = new Reg(0);
    private static final Reg TILES_LEFT = new Reg(1);
    private static final Reg PANEL = new Reg(2);
    private static final Reg OUTPUT = new Reg(3);
    private static final Reg BLOCK_COUNT = new Reg(4);
    private static final Reg OUTPUT_STRIDE = new Reg(5);
    private static final Reg X = new Reg(6);
    private static final Reg BLOCKS_LEFT = new Reg(7);
    private static final Reg STORE = new Reg(8);

    private final VectorMachine machine;
    private final GeneralMachine general;
    private final QuantType type;
    private final BlockFormat format;
    private final TileCodes unpacking;
    private final int tokens;
    private final VReg[] outputs;
    private final VReg[] sums;
    private final VReg[] codes = new VReg[CODE_VECTORS];
    private final VReg t0;
    private final VReg t1;

    private MatmulInt8Code(VectorMachine machine, QuantType type, int tokens) {
        this.machine = machine;
        this.general = machine.general();
        this.type = type;
        this.format = BlockFormat.of(type);
        this.tokens = tokens;
        this.outputs = new VReg[tokens];
        this.sums = new VReg[tokens];
        int next = 0;
        t0 = new VReg(next++);
        t1 = new VReg(next++);
        for (int i = 0; i < CODE_VECTORS; i++) {
            codes[i] = new VReg(next++);
        }
        for (int t = 0; t < tokens; t++) {
            outputs[t] = new VReg(next++);
            sums[t] = new VReg(next++);
        }
        unpacking = new TileCodes(machine, type, TILE, new VReg(next++), new VReg(next++));
        assert next <= machine.registers();
    }

    /// The machine code for `tokens` tokens.
    static byte[] emit(VectorMachine machine, QuantType type, int tokens) {
        MatmulInt8Code kernel = new MatmulInt8Code(machine, type, tokens);
        kernel.emit();
        return machine.general().code();
    }

    private void emit() {
        general.begin();
        machine.prepareDots();
        unpacking.prepare();
        general.repeat(TILES_LEFT, this::tile);
        general.end();
    }

    private void tile() {
        general.move(X, PANEL);
        general.move(BLOCKS_LEFT, BLOCK_COUNT);
        for (VReg output : outputs) {
            machine.zero(output);
        }
        general.repeat(BLOCKS_LEFT, this::block);
        general.move(STORE, OUTPUT);
        for (VReg output : outputs) {
            machine.store(at(STORE, 0), output);
            general.add(STORE, OUTPUT_STRIDE);
        }
        general.add(OUTPUT, Float.BYTES * machine.lanes());
    }

    private void block() {
        int groups = type.blockElements() / BlockFormat.GROUP_ELEMENTS;
        for (int group = 0; group < groups; group++) {
            if (unpacking.scaledHalves()) {
                half(group, 0);
                half(group, 1);
            } else {
                whole(group);
            }
        }
        general.add(TILE, format.tileBytesPerRow() * machine.lanes());
        general.add(X, groups * tokens * Int8Rows.GROUP_BYTES);
    }

    private void whole(int group) {
        startSums(group, unpacking.zeroOfWhole());
        dot(group, 0);
        dot(group, 1);
        finish(group, 0);
        finishMin(group, 0, Int8Rows.SCALED_SUM);
    }

    private void half(int group, int half) {
        startSums(group, unpacking.zeroOfHalf(half));
        dot(group, half);
        finish(group, half);
        finishMin(group, half, half == 0 ? Int8Rows.SCALED_SUM_LOW : Int8Rows.SCALED_SUM_HIGH);
    }

    private void startSums(int group, TileCodes.Zero zero) {
        for (int t = 0; t < tokens; t++) {
            if (zero.field() == 0) {
                machine.zero(sums[t]);
            } else {
                machine.startSums(sums[t], x(t, group, zero.field()), zero.shift());
            }
        }
    }

    private void dot(int group, int half) {
        for (int i = 0; i < CODE_VECTORS; i++) {
            unpacking.codes(codes[i], group, half, i, t0);
        }
        for (int t = 0; t < tokens; t++) {
            At x = x(t, group, HALF_COLUMNS * half);
            if (unpacking.signed()) {
                machine.dotSigned(sums[t], codes, x, t0, t1);
            } else {
                machine.dotUnsigned(sums[t], codes, unpacking.codeMax(), x, t0, t1);
            }
        }
    }

    /// `output = fma(weightScale * activationScale, sum, output)` for all tokens.
    private void finish(int group, int half) {
        VReg scale = codes[0];
        unpacking.scale(scale, group, half, t0);
        for (int t = 0; t < tokens; t++) {
            machine.toFloats(sums[t], sums[t]);
            machine.multiplyBroadcast(t0, scale, x(t, group, Int8Rows.SCALE), t1);
            machine.fma(outputs[t], t0, sums[t]);
        }
    }

    /// `output = fma(min, scaledSum, output)` for all tokens.
    private void finishMin(int group, int half, int scaledSum) {
        if (unpacking.hasMin()) {
            VReg min = codes[1];
            unpacking.min(min, group, half, t0);
            for (int t = 0; t < tokens; t++) {
                machine.fmaBroadcast(outputs[t], min, x(t, group, scaledSum), t1);
            }
        }
    }

    /// Bytes of token `t`: `offset` from the start of a group of the current block.
    private At x(int t, int group, int offset) {
        return at(X, (group * tokens + t) * Int8Rows.GROUP_BYTES + offset);
    }
}
