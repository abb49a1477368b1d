package autark.chip.kernel;

import static autark.chip.kernel.At.at;

import autark.chip.Int8Rows;
import autark.chip.quant.BlockFormat;
import autark.chip.quant.QuantType;
import java.util.List;
import java.util.function.Consumer;

/// Emits the matrix product of an integer type with int8 activations, for a fixed [Form].
///
/// Arguments: first tile, in one word the number of tiles or of pairs of them (lower half) and the
/// bytes from the output of a token to that of the next (upper half), activations of the first
/// token, first output, in one word the blocks a row (lower half) and the bytes from group to group
/// of the activations (upper half), the weights to ask for.
///
/// One loop over tiles, one or two at a time, inside it one over the blocks of a tile. A lane owns
/// an output row. Columns that share a scale, 32 or 16 of them, are a span. For each span:
///
/// 1. the sums of all tokens start at minus the zero point times the sum of the activations, which
///    the activations bring along;
/// 2. a few vectors of codes at a time, four columns each, are taken out of the tiles and
///    multiplied into the sums of each token, so that weights are unpacked once for all tokens;
/// 3. sums become floats and join the outputs with one fused multiply-add; a second one, for types
///    with a min, joins the min times the scaled sum of the activations.
final class MatmulInt8Code {
    /// What a kernel is made for.
    ///
    /// @param tiles tiles taken at once, 1 or 2
    /// @param passes how many calls take these tiles, each with other tokens: each asks for its
    ///   share of the weights that come after them; 0 if one call goes through many tiles, which
    ///   then asks for what comes [#PREFETCH_BYTES] later if its tokens are few
    record Form(QuantType type, int tiles, int tokens, int passes) {
        /// Bytes that a call asks for, with each block of its tiles.
        long askedBytes(int lanes) {
            int bytes = tiles * BlockFormat.of(type).tileBytesPerRow() * lanes;
            return (long) LINE_BYTES * Math.ceilDiv(bytes, passes * LINE_BYTES);
        }
    }

    private static final int LINE_BYTES = 64;

    /// How far ahead weights are asked for where few tokens keep the processor waiting for them.
    static final int PREFETCH_BYTES = 4096;

    static final int PREFETCH_TOKENS_MAX = 2;

    private static final int HALF_COLUMNS = 16;
    private static final int HALF_VECTORS = 4;

    private static final Reg TILE = new Reg(0);
    private static final Reg TILES_LEFT = new Reg(1);
    private static final Reg PANEL = new Reg(2);
    private static final Reg OUTPUT = new Reg(3);
    private static final Reg BLOCK_COUNT = new Reg(4);
    private static final Reg AHEAD = new Reg(5);
    private static final Reg X = new Reg(6);
    private static final Reg BLOCKS_LEFT = new Reg(7);
    private static final Reg STORE = new Reg(8);
    private static final Reg GROUP_STRIDE = new Reg(9);

    /// The first of the registers that point to the blocks of the tiles taken together.
    private static final int FIRST_BLOCK = 10;

    private static final Reg OUTPUT_STRIDE = new Reg(12);

    private final VectorMachine machine;
    private final GeneralMachine general;
    private final Form form;
    private final int blockBytes;
    private final int tiles;
    private final int tokens;
    private final TileCodes[] unpacking;
    private final VReg[][] codes;

    /// By token, then by tile.
    private final VReg[][] outputs;

    private final VReg[][] sums;
    private final VReg t0 = new VReg(0);
    private final VReg t1 = new VReg(1);

    private MatmulInt8Code(VectorMachine machine, Form form) {
        QuantType type = form.type();
        int together = machine.blocking(type).codes();
        this.machine = machine;
        this.general = machine.general();
        this.form = form;
        this.blockBytes = BlockFormat.of(type).tileBytesPerRow() * machine.lanes();
        this.tiles = form.tiles();
        this.tokens = form.tokens();
        VReg lowMask = new VReg(2);
        VReg aux = new VReg(3);
        int next = 4;
        codes = new VReg[tiles][together];
        outputs = new VReg[tokens][tiles];
        sums = new VReg[tokens][tiles];
        for (VReg[][] registers : List.of(codes, outputs, sums)) {
            for (VReg[] row : registers) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = new VReg(next++);
                }
            }
        }
        assert next <= machine.registers();
        unpacking = new TileCodes[tiles];
        for (int i = 0; i < tiles; i++) {
            unpacking[i] = new TileCodes(machine, type, block(i), lowMask, aux);
        }
    }

    static byte[] emit(VectorMachine machine, Form form) {
        new MatmulInt8Code(machine, form).emit();
        return machine.general().code();
    }

    private static Reg block(int tile) {
        return new Reg(FIRST_BLOCK + tile);
    }

    private void emit() {
        general.begin();
        machine.prepareDots();
        unpacking[0].prepare();
        general.upperHalf(OUTPUT_STRIDE, TILES_LEFT);
        general.lowerHalf(TILES_LEFT, TILES_LEFT);
        general.upperHalf(GROUP_STRIDE, BLOCK_COUNT);
        general.lowerHalf(BLOCK_COUNT, BLOCK_COUNT);
        general.move(block(0), TILE);
        general.repeat(TILES_LEFT, this::tiles);
        general.end();
    }

    private void tiles() {
        general.move(X, PANEL);
        general.move(BLOCKS_LEFT, BLOCK_COUNT);
        for (int i = 1; i < tiles; i++) {
            general.multiply(block(i), BLOCK_COUNT, blockBytes);
            general.add(block(i), block(i - 1));
        }
        overRegisters(outputs, machine::zero);
        general.repeat(BLOCKS_LEFT, this::block);
        general.move(block(0), block(tiles - 1));
        general.move(STORE, OUTPUT);
        for (VReg[] output : outputs) {
            for (int i = 0; i < tiles; i++) {
                machine.store(at(STORE, Float.BYTES * machine.lanes() * i), output[i]);
            }
            general.add(STORE, OUTPUT_STRIDE);
        }
        general.add(OUTPUT, Float.BYTES * machine.lanes() * tiles);
    }

    private static void overRegisters(VReg[][] registers, Consumer<VReg> body) {
        for (VReg[] row : registers) {
            for (VReg register : row) {
                body.accept(register);
            }
        }
    }

    private void block() {
        int groups = form.type().blockElements() / BlockFormat.GROUP_ELEMENTS;
        for (int group = 0; group < groups; group++) {
            if (form.passes() > 0) {
                prefetchShare(group, groups);
            } else if (tokens <= PREFETCH_TOKENS_MAX) {
                prefetch(group, groups);
            }
            if (unpacking[0].scaledHalves()) {
                half(group, 0);
                half(group, 1);
            } else {
                whole(group);
            }
            general.add(X, GROUP_STRIDE);
        }
        for (int i = 0; i < tiles; i++) {
            general.add(block(i), blockBytes);
        }
    }

    /// Asks for what comes [#PREFETCH_BYTES] later, a share of a block for each group; behind the
    /// last tile that is nobody's memory, which does no harm.
    private void prefetch(int group, int groups) {
        int first = blockBytes * group / groups / LINE_BYTES * LINE_BYTES;
        int end = blockBytes * (group + 1) / groups / LINE_BYTES * LINE_BYTES;
        if (group == groups - 1) {
            end = blockBytes;
        }
        for (int i = 0; i < tiles; i++) {
            for (int line = first; line < end; line += LINE_BYTES) {
                general.prefetch(at(block(i), PREFETCH_BYTES + line));
            }
        }
    }

    /// Asks for the share of this pass, a part of it for each group. Behind the last tile it does
    /// no harm either.
    private void prefetchShare(int group, int groups) {
        int lines = (int) form.askedBytes(machine.lanes()) / LINE_BYTES;
        int count = lines * (group + 1) / groups - lines * group / groups;
        for (int line = 0; line < count; line++) {
            general.prefetch(at(AHEAD, LINE_BYTES * line));
        }
        if (count > 0) {
            general.add(AHEAD, LINE_BYTES * count);
        }
    }

    private void whole(int group) {
        startSums(unpacking[0].zeroOfWhole());
        dot(group, 0);
        dot(group, 1);
        finish(group, 0);
        finishMin(group, 0, Int8Rows.SCALED_SUM);
    }

    private void half(int group, int half) {
        startSums(unpacking[0].zeroOfHalf(half));
        dot(group, half);
        finish(group, half);
        finishMin(group, half, half == 0 ? Int8Rows.SCALED_SUM_LOW : Int8Rows.SCALED_SUM_HIGH);
    }

    private void startSums(TileCodes.Zero zero) {
        for (int t = 0; t < tokens; t++) {
            if (zero.field() == 0) {
                machine.zero(sums[t][0]);
            } else {
                machine.startSums(sums[t][0], x(t, zero.field()), zero.shift());
            }
            for (int i = 1; i < tiles; i++) {
                machine.copy(sums[t][i], sums[t][0]);
            }
        }
    }

    private void dot(int group, int half) {
        int together = codes[0].length;
        for (int first = 0; first < HALF_VECTORS; first += together) {
            for (int tile = 0; tile < tiles; tile++) {
                for (int i = 0; i < together; i++) {
                    unpacking[tile].codes(codes[tile][i], group, half, first + i, t0);
                }
            }
            for (int t = 0; t < tokens; t++) {
                At x = x(t, HALF_COLUMNS * half + 4 * first);
                if (unpacking[0].signed()) {
                    machine.dotSigned(sums[t], codes, x, t0, t1);
                } else {
                    machine.dotUnsigned(sums[t], codes, unpacking[0].codeMax(), x, t0, t1);
                }
            }
        }
    }

    /// `output = fma(weightScale * activationScale, sum, output)` for all tokens.
    private void finish(int group, int half) {
        for (int tile = 0; tile < tiles; tile++) {
            unpacking[tile].scale(codes[tile][0], group, half, t0);
        }
        for (int t = 0; t < tokens; t++) {
            for (int tile = 0; tile < tiles; tile++) {
                VReg sum = sums[t][tile];
                machine.toFloats(sum, sum);
                machine.multiplyBroadcast(t0, codes[tile][0], x(t, Int8Rows.SCALE), t1);
                machine.fma(outputs[t][tile], t0, sum);
            }
        }
    }

    /// `output = fma(min, scaledSum, output)` for all tokens.
    private void finishMin(int group, int half, int scaledSum) {
        if (unpacking[0].hasMin()) {
            for (int tile = 0; tile < tiles; tile++) {
                unpacking[tile].min(codes[tile][0], group, half, t0);
            }
            for (int t = 0; t < tokens; t++) {
                for (int tile = 0; tile < tiles; tile++) {
                    At x = x(t, scaledSum);
                    machine.fmaBroadcast(outputs[t][tile], codes[tile][0], x, t1);
                }
            }
        }
    }

    /// Bytes of token `t`: `offset` from the start of the current group.
    private static At x(int t, int offset) {
        return at(X, t * Int8Rows.GROUP_BYTES + offset);
    }
}
