package autark.chip.kernel;

import static autark.chip.kernel.At.at;

import autark.chip.quant.BlockFormat;
import autark.chip.quant.QuantType;

/// Emits the expansion of one row of a tile to floats.
///
/// Arguments: tile, byte offset of the row's lane in a vector, output, blocks a row.
///
/// All rows of the tile are expanded, as they share the vectors, 32 columns at a time into working
/// memory; the row that is wanted is picked from there.
final class DequantizeCode {
    private static final Reg TILE = new Reg(0);
    private static final Reg LANE = new Reg(1);
    private static final Reg OUTPUT = new Reg(2);
    private static final Reg BLOCKS_LEFT = new Reg(3);
    private static final Reg WORK = new Reg(6);
    private static final Reg LEFT = new Reg(7);
    private static final Reg WORD = new Reg(8);

    private static final VReg CODES = new VReg(0);
    private static final VReg VALUE = new VReg(1);
    private static final VReg T = new VReg(2);
    private static final VReg SCALE = new VReg(3);
    private static final VReg MIN = new VReg(4);
    private static final VReg ZERO = new VReg(5);

    private final VectorMachine machine;
    private final GeneralMachine general;
    private final QuantType type;
    private final TileCodes unpacking;
    private final int vectorBytes;

    private DequantizeCode(VectorMachine machine, QuantType type) {
        this.machine = machine;
        this.general = machine.general();
        this.type = type;
        this.unpacking = new TileCodes(machine, type, TILE, new VReg(6), new VReg(7));
        this.vectorBytes = Float.BYTES * machine.lanes();
    }

    static byte[] emit(VectorMachine machine, QuantType type) {
        DequantizeCode kernel = new DequantizeCode(machine, type);
        kernel.emit();
        return machine.general().code();
    }

    private void emit() {
        general.begin(BlockFormat.GROUP_ELEMENTS * vectorBytes);
        if (!type.isFloat()) {
            unpacking.prepare();
            machine.constant(ZERO, (float) unpacking.offsetOfCodes());
        }
        general.repeat(BLOCKS_LEFT, this::block);
        general.end();
    }

    private void block() {
        if (type.isFloat()) {
            general.work(WORK);
            unpacking.loadFloatWeight(VALUE, at(TILE, 0));
            machine.store(at(WORK, 0), VALUE);
            pick(1);
        } else {
            int groups = type.blockElements() / BlockFormat.GROUP_ELEMENTS;
            for (int group = 0; group < groups; group++) {
                general.work(WORK);
                half(group, 0);
                half(group, 1);
                pick(BlockFormat.GROUP_ELEMENTS);
            }
        }
        general.add(TILE, BlockFormat.of(type).tileBytesPerRow() * machine.lanes());
    }

    private void half(int group, int half) {
        unpacking.scale(SCALE, group, half, T);
        if (unpacking.hasMin()) {
            unpacking.min(MIN, group, half, T);
        }
        for (int i = 0; i < 4; i++) {
            unpacking.codes(CODES, group, half, i, T);
            for (int j = 0; j < 4; j++) {
                machine.shiftLeft(VALUE, CODES, 24 - 8 * j);
                if (unpacking.codesHaveSigns()) {
                    machine.shiftRightSigned(VALUE, VALUE, 24);
                } else {
                    machine.shiftRight(VALUE, VALUE, 24);
                }
                machine.toFloats(VALUE, VALUE);
                machine.subtract(VALUE, VALUE, ZERO);
                machine.multiply(VALUE, VALUE, SCALE);
                if (unpacking.hasMin()) {
                    machine.add(VALUE, VALUE, MIN);
                }
                machine.store(at(WORK, (16 * half + 4 * i + j) * vectorBytes), VALUE);
            }
        }
    }

    /// Copies the lane of `count` vectors.
    private void pick(int count) {
        general.set(LEFT, count);
        general.repeat(
                LEFT,
                () -> {
                    general.load32(WORD, at(WORK, LANE, 0));
                    general.store32(at(OUTPUT, 0), WORD);
                    general.add(WORK, vectorBytes);
                    general.add(OUTPUT, Float.BYTES);
                });
    }
}
