package autark.chip.kernel;

import autark.chip.KvLayer;
import autark.chip.KvShape;
import autark.chip.Rows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Stores keys and values of one position, and loads them again: the scalar twin.
///
/// 16-bit floats are rounded to nearest, ties to even. Of integers, 32 share a scale, their largest
/// magnitude over 127, which is a 16-bit float, too; a code is the component over the scale as it
/// was rounded, to nearest, ties to even. The product of both is exact. A scale that is rounded
/// down leaves the largest components a little short; a group whose scale would be zero is zero.
/// Inputs are finite.
final class KvStoreScalar {
    static final float CODE_MAX = 127f;

    /// The largest 16-bit float, and the smallest one above zero.
    static final float SCALE_MAX = 65504f;

    static final float SCALE_MIN = 0x1p-24f;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private KvStoreScalar() {}

    static void store(Rows k, Rows v, int row, KvLayer layer, int position) {
        KvShape shape = layer.shape();
        MemorySegment block = layer.block(position / KvShape.BLOCK_TOKENS);
        int slot = position % KvShape.BLOCK_TOKENS;
        float[] keys = k.row(row);
        float[] values = v.row(row);
        for (int kvHead = 0; kvHead < shape.kvHeadCount(); kvHead++) {
            for (int group = 0; group < shape.groupCount(); group++) {
                int first = kvHead * shape.headDim() + group * KvShape.GROUP_COMPONENTS;
                long keyScale =
                        shape.keyScaleOffset(kvHead, group) + (long) KvShape.SCALE_BYTES * slot;
                block.set(SHORT, keyScale, quantize(keys, first));
                long valueScale =
                        shape.valueScaleOffset(kvHead, slot) + (long) KvShape.SCALE_BYTES * group;
                block.set(SHORT, valueScale, quantize(values, first));
            }
            for (int dim = 0; dim < shape.headDim(); dim++) {
                int index = kvHead * shape.headDim() + dim;
                long slotOffset = (long) shape.type().bytes() * slot;
                put(shape, block, shape.keyOffset(kvHead, dim) + slotOffset, keys[index]);
                long dimOffset = (long) shape.type().bytes() * dim;
                put(shape, block, shape.valueOffset(kvHead, slot) + dimOffset, values[index]);
            }
        }
    }

    /// Replaces the 32 components from `first` on by their codes, and returns their scale as a
    /// 16-bit float.
    private static short quantize(float[] components, int first) {
        float magnitude = 0;
        for (int i = first; i < first + KvShape.GROUP_COMPONENTS; i++) {
            magnitude = Math.max(magnitude, Math.abs(components[i]));
        }
        short half = Float.floatToFloat16(Math.min(magnitude / CODE_MAX, SCALE_MAX));
        float scale = Float.float16ToFloat(half);
        for (int i = first; i < first + KvShape.GROUP_COMPONENTS; i++) {
            float code = Math.max(Math.min(components[i] / scale, CODE_MAX), -CODE_MAX);
            components[i] = scale < SCALE_MIN ? 0 : (float) Math.rint(code);
        }
        return half;
    }

    private static void put(KvShape shape, MemorySegment block, long offset, float value) {
        switch (shape.type()) {
            case F16 -> block.set(SHORT, offset, Float.floatToFloat16(value));
            case F32 -> block.set(ValueLayout.JAVA_FLOAT_UNALIGNED, offset, value);
            case Q8_0 -> block.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
        }
    }

    /// Loads component `dim` of the keys of all positions.
    static void loadKeys(KvShape shape, MemorySegment block, int kvHead, int dim, float[] into) {
        load(shape, block, shape.keyOffset(kvHead, dim), into);
        if (shape.type().scaled()) {
            long scales = shape.keyScaleOffset(kvHead, dim / KvShape.GROUP_COMPONENTS);
            for (int i = 0; i < into.length; i++) {
                into[i] *= scale(block, scales, i);
            }
        }
    }

    /// Loads the value at position `slot`.
    static void loadValue(KvShape shape, MemorySegment block, int kvHead, int slot, float[] into) {
        load(shape, block, shape.valueOffset(kvHead, slot), into);
        if (shape.type().scaled()) {
            long scales = shape.valueScaleOffset(kvHead, slot);
            for (int i = 0; i < into.length; i++) {
                into[i] *= scale(block, scales, i / KvShape.GROUP_COMPONENTS);
            }
        }
    }

    private static float scale(MemorySegment block, long scales, int index) {
        return Float.float16ToFloat(block.get(SHORT, scales + (long) KvShape.SCALE_BYTES * index));
    }

    /// Loads consecutive components, without their scales.
    private static void load(KvShape shape, MemorySegment block, long offset, float[] into) {
        switch (shape.type()) {
            case F16 -> {
                for (int i = 0; i < into.length; i++) {
                    into[i] = Float.float16ToFloat(block.get(SHORT, offset + 2L * i));
                }
            }
            case F32 ->
                    MemorySegment.copy(
                            block, ValueLayout.JAVA_FLOAT_UNALIGNED, offset, into, 0, into.length);
            case Q8_0 -> {
                for (int i = 0; i < into.length; i++) {
                    into[i] = block.get(ValueLayout.JAVA_BYTE, offset + i);
                }
            }
        }
    }
}
