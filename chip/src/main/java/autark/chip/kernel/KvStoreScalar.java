package autark.chip.kernel;

import autark.chip.KvLayer;
import autark.chip.KvShape;
import autark.chip.Rows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Stores keys and values of one position: the scalar twin. 16-bit floats are rounded to nearest,
/// ties to even.
final class KvStoreScalar {
    private KvStoreScalar() {}

    static void store(Rows k, Rows v, int row, KvLayer layer, int position) {
        KvShape shape = layer.shape();
        MemorySegment block = layer.block(position / KvShape.BLOCK_TOKENS);
        int slot = position % KvShape.BLOCK_TOKENS;
        float[] keys = k.row(row);
        float[] values = v.row(row);
        for (int kvHead = 0; kvHead < shape.kvHeadCount(); kvHead++) {
            for (int dim = 0; dim < shape.headDim(); dim++) {
                int index = kvHead * shape.headDim() + dim;
                long slotOffset = (long) shape.type().bytes() * slot;
                put(shape, block, shape.keyOffset(kvHead, dim) + slotOffset, keys[index]);
                long dimOffset = (long) shape.type().bytes() * dim;
                put(shape, block, shape.valueOffset(kvHead, slot) + dimOffset, values[index]);
            }
        }
    }

    private static void put(KvShape shape, MemorySegment block, long offset, float value) {
        switch (shape.type()) {
            case F16 ->
                    block.set(
                            ValueLayout.JAVA_SHORT_UNALIGNED, offset, Float.floatToFloat16(value));
            case F32 -> block.set(ValueLayout.JAVA_FLOAT_UNALIGNED, offset, value);
        }
    }

    /// Loads consecutive components into `into`.
    static void load(KvShape shape, MemorySegment block, long offset, float[] into) {
        switch (shape.type()) {
            case F16 -> {
                for (int i = 0; i < into.length; i++) {
                    short half = block.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset + 2L * i);
                    into[i] = Float.float16ToFloat(half);
                }
            }
            case F32 ->
                    MemorySegment.copy(
                            block, ValueLayout.JAVA_FLOAT_UNALIGNED, offset, into, 0, into.length);
        }
    }
}
