package autark.chip.kernel;

import static autark.chip.kernel.At.at;

import autark.chip.KvShape;
import autark.chip.KvType;

/// Emits the storing of keys and values of one position, for a fixed shape.
///
/// Arguments: keys, values, the slot's first key component in the block, the slot's first value,
/// and where there are scales the slot's first one of the keys and of the values.
///
/// Values are copied as they stand, keys are spread over the block. Keys of other types than f32
/// are converted into the place of the value first, and spread from there.
final class KvStoreCode {
    private static final Reg K = new Reg(0);
    private static final Reg V = new Reg(1);
    private static final Reg KEY_SLOT = new Reg(2);
    private static final Reg VALUE_SLOT = new Reg(3);
    private static final Reg KEY_SCALE = new Reg(4);
    private static final Reg VALUE_SCALE = new Reg(5);
    private static final Reg FROM = new Reg(6);
    private static final Reg WORD = new Reg(7);
    private static final Reg LEFT = new Reg(8);
    private static final Reg HEADS_LEFT = new Reg(9);
    private static final Reg WORK = new Reg(10);

    private static final int WORK_BYTES = 64;

    private static final VReg VECTOR = new VReg(0);
    private static final VReg T = new VReg(1);
    private static final VReg TINY = new VReg(2);
    private static final VReg SCALE = new VReg(3);
    private static final VReg LARGEST = new VReg(4);
    private static final VReg SMALLEST = new VReg(5);

    private final VectorMachine machine;
    private final GeneralMachine general;
    private final KvShape shape;

    private KvStoreCode(VectorMachine machine, KvShape shape) {
        this.machine = machine;
        this.general = machine.general();
        this.shape = shape;
    }

    static byte[] emit(VectorMachine machine, KvShape shape) {
        new KvStoreCode(machine, shape).emit();
        return machine.general().code();
    }

    private void emit() {
        int headBytes = Float.BYTES * shape.headDim();
        general.begin(shape.type().scaled() ? WORK_BYTES : 0);
        if (shape.type().scaled()) {
            general.work(WORK);
        }
        general.set(HEADS_LEFT, shape.kvHeadCount());
        general.repeat(
                HEADS_LEFT,
                () -> {
                    if (shape.type() == KvType.F32) {
                        general.move(FROM, K);
                    } else {
                        convertHead(K, KEY_SCALE, KvShape.SCALE_BYTES * KvShape.BLOCK_TOKENS);
                        general.move(FROM, VALUE_SLOT);
                    }
                    spreadKeys();
                    convertHead(V, VALUE_SCALE, KvShape.SCALE_BYTES);
                    general.add(K, headBytes);
                    general.add(V, headBytes);
                    general.add(KEY_SLOT, shape.headBytes() - shape.componentBytes());
                    general.add(VALUE_SLOT, shape.headBytes());
                    general.add(KEY_SCALE, shape.headBytes());
                    general.add(VALUE_SCALE, shape.headBytes());
                });
        general.end();
    }

    /// A head to the value's place, in the type of the block, and its scales to their places.
    private void convertHead(Reg from, Reg scales, int scaleStride) {
        for (int group = 0; group < shape.groupCount(); group++) {
            quantize(from, group * KvShape.GROUP_COMPONENTS);
            general.load16(WORD, at(WORK, 0));
            general.store16(at(scales, scaleStride * group), WORD);
        }
        for (int dim = 0; dim < shape.headDim() && !shape.type().scaled(); dim += machine.lanes()) {
            machine.load(VECTOR, at(from, Float.BYTES * dim));
            At to = at(VALUE_SLOT, shape.type().bytes() * dim);
            switch (shape.type()) {
                case F16 -> machine.storeHalves(to, VECTOR);
                case F32 -> machine.store(to, VECTOR);
                case Q8_0 -> throw new AssertionError("has scales");
            }
        }
    }

    /// Codes of the 32 components from `first` on to the value's place, their scale to the working
    /// memory.
    private void quantize(Reg from, int first) {
        int end = first + KvShape.GROUP_COMPONENTS;
        machine.constant(LARGEST, Integer.MAX_VALUE);
        machine.zero(SCALE);
        for (int dim = first; dim < end; dim += machine.lanes()) {
            machine.load(VECTOR, at(from, Float.BYTES * dim));
            machine.and(VECTOR, VECTOR, LARGEST);
            machine.max(SCALE, SCALE, VECTOR);
        }
        scale();
        for (int dim = first; dim < end; dim += machine.lanes()) {
            machine.load(VECTOR, at(from, Float.BYTES * dim));
            machine.divide(VECTOR, VECTOR, SCALE);
            machine.min(VECTOR, VECTOR, LARGEST);
            machine.max(VECTOR, VECTOR, SMALLEST);
            machine.toInts(VECTOR, VECTOR);
            machine.andNot(VECTOR, TINY, VECTOR);
            machine.storeBytes(at(VALUE_SLOT, dim), VECTOR);
        }
    }

    /// The scale of a group with these magnitudes, and the bounds of its codes.
    private void scale() {
        machine.largestLane(SCALE, SCALE, T);
        machine.constant(LARGEST, KvStoreScalar.CODE_MAX);
        machine.constant(SMALLEST, -KvStoreScalar.CODE_MAX);
        machine.divide(SCALE, SCALE, LARGEST);
        machine.constant(T, KvStoreScalar.SCALE_MAX);
        machine.min(SCALE, SCALE, T);
        machine.storeHalves(at(WORK, 0), SCALE);
        machine.loadHalves(SCALE, at(WORK, 0));
        machine.constant(T, KvStoreScalar.SCALE_MIN);
        machine.subtract(TINY, SCALE, T);
        machine.shiftRightSigned(TINY, TINY, 31);
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
                        case Q8_0 -> {
                            general.load8(WORD, at(FROM, 0));
                            general.store8(at(KEY_SLOT, 0), WORD);
                        }
                    }
                    general.add(FROM, bytes);
                    general.add(KEY_SLOT, bytes * KvShape.BLOCK_TOKENS);
                });
    }
}
