package autark.chip.kernel;

import static autark.chip.kernel.At.at;

import autark.chip.KvShape;
import autark.chip.KvType;

/// Emits the storing of keys and values of one position, for a fixed shape.
///
/// Arguments: keys, values, the slot's first key component in the block, the slot's first value.
///
/// Values are copied as they stand, keys are spread over the block. 16-bit keys are converted into
/// the place of the value first, and spread from there.
final class KvStoreCode {
    private static final Reg K = new Reg(0);
    private static final Reg V = new Reg(1);
    private static final Reg KEY_SLOT = new Reg(2);
    private static final Reg VALUE_SLOT = new Reg(3);
    private static final Reg FROM = new Reg(6);
    private static final Reg WORD = new Reg(7);
    private static final Reg LEFT = new Reg(8);
    private static final Reg HEADS_LEFT = new Reg(9);

    private static final VReg VECTOR = new VReg(0);

    private final VectorMachine machine;
    private final GeneralMachine general;
    private final KvShape shape;

    private KvStoreCode(VectorMachine machine, KvShape shape) {
        this.machine = machine;
        this.general = machine.general();
        this.shape = shape;
    }

    static boolean covers(KvShape shape, int lanes) {
        return shape.headDim() % lanes == 0;
    }

    static byte[] emit(VectorMachine machine, KvShape shape) {
        new KvStoreCode(machine, shape).emit();
        return machine.general().code();
    }

    private void emit() {
        int headBytes = Float.BYTES * shape.headDim();
        general.begin();
        general.set(HEADS_LEFT, shape.kvHeadCount());
        general.repeat(
                HEADS_LEFT,
                () -> {
                    if (shape.type() == KvType.F16) {
                        copyHead(K);
                        general.move(FROM, VALUE_SLOT);
                    } else {
                        general.move(FROM, K);
                    }
                    spreadKeys();
                    copyHead(V);
                    general.add(K, headBytes);
                    general.add(V, headBytes);
                    general.add(
                            VALUE_SLOT,
                            shape.type().bytes() * KvShape.BLOCK_TOKENS * shape.headDim());
                });
        general.end();
    }

    /// A head to the value's place, in the type of the block.
    private void copyHead(Reg from) {
        for (int dim = 0; dim < shape.headDim(); dim += machine.lanes()) {
            machine.load(VECTOR, at(from, Float.BYTES * dim));
            At to = at(VALUE_SLOT, shape.type().bytes() * dim);
            switch (shape.type()) {
                case F16 -> machine.storeHalves(to, VECTOR);
                case F32 -> machine.store(to, VECTOR);
            }
        }
    }

    private void spreadKeys() {
        int bytes = shape.type().bytes();
        general.set(LEFT, shape.headDim());
        general.repeat(
                LEFT,
                () -> {
                    switch (shape.type()) {
                        case F16 -> {
                            general.load16(WORD, at(FROM, 0));
                            general.store16(at(KEY_SLOT, 0), WORD);
                        }
                        case F32 -> {
                            general.load32(WORD, at(FROM, 0));
                            general.store32(at(KEY_SLOT, 0), WORD);
                        }
                    }
                    general.add(FROM, bytes);
                    general.add(KEY_SLOT, bytes * KvShape.BLOCK_TOKENS);
                });
    }
}
