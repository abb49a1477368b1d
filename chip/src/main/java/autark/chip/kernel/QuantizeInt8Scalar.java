package autark.chip.kernel;

import autark.chip.Int8Rows;
import autark.chip.Rows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Quantizes activations to int8, one scale per 32 columns: the scalar twin.
///
/// A code is `x * 127 / max|x|`, rounded to the nearest, ties to even. The scale is then the one
/// that fits the codes best in the least-squares sense, `sum(x q) / sum(q q)`, which loses a few
/// percent less than `max|x| / 127`. The first sum runs in 16 virtual lanes and a tree
/// ([ReductionScalar]); the second is an integer. Groups whose largest magnitude is below 2^-100
/// become zeros, so that the reciprocal stays finite. Inputs are finite.
final class QuantizeInt8Scalar {
    static final float MAGNITUDE_MIN = 0x1p-100f;
    static final float CODE_MAX = 127f;

    private QuantizeInt8Scalar() {}

    static void quantize(Rows x, Int8Rows y, int row) {
        float[] values = x.row(row);
        float[] group = new float[Int8Rows.GROUP_ELEMENTS];
        int[] codes = new int[Int8Rows.GROUP_ELEMENTS];
        ByteBuffer bytes = ByteBuffer.allocate(Int8Rows.GROUP_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int index = 0; index < y.groupCount(); index++) {
            System.arraycopy(values, index * group.length, group, 0, group.length);
            float scale = quantizeGroup(group, codes);
            put(codes, scale, bytes.clear());
            MemorySegment.copy(
                    bytes.array(),
                    0,
                    y.data(),
                    ValueLayout.JAVA_BYTE,
                    y.groupOffset(row, index),
                    Int8Rows.GROUP_BYTES);
        }
    }

    /// Fills `codes` and returns the scale.
    private static float quantizeGroup(float[] group, int[] codes) {
        float magnitude = 0;
        for (float value : group) {
            magnitude = Math.max(magnitude, Math.abs(value));
        }
        boolean tiny = magnitude < MAGNITUDE_MIN;
        float inverse = tiny ? 0 : CODE_MAX / magnitude;
        int squares = 0;
        float[] lanes = new float[ReductionScalar.LANES];
        for (int i = 0; i < group.length; i++) {
            codes[i] = (int) Math.rint(group[i] * inverse);
            squares += codes[i] * codes[i];
            int lane = i % ReductionScalar.LANES;
            lanes[lane] = Math.fma(group[i], codes[i], lanes[lane]);
        }
        return tiny ? 0 : ReductionScalar.tree(lanes) / squares;
    }

    /// The layout of [Int8Rows]. Sums of codes are exact as floats.
    private static void put(int[] codes, float scale, ByteBuffer bytes) {
        int low = 0;
        int high = 0;
        for (int i = 0; i < codes.length / 2; i++) {
            low += codes[i];
            high += codes[codes.length / 2 + i];
        }
        for (int code : codes) {
            bytes.put((byte) code);
        }
        bytes.putFloat(scale);
        bytes.putFloat(scale * (low + high)).putFloat(scale * low).putFloat(scale * high);
        bytes.putInt(-128 * (low + high)).putInt(-8 * (low + high));
        bytes.putInt(-32 * low).putInt(-32 * high);
    }
}
