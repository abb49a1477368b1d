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
    private static final float MAGNITUDE_MIN = 0x1p-100f;
    private static final float CODE_MAX = 127f;

    private QuantizeInt8Scalar() {}

    static void quantize(Rows x, Int8Rows y, int row) {
        float[] values = x.row(row);
        float[] group = new float[Int8Rows.GROUP_ELEMENTS];
        int[] codes = new int[Int8Rows.GROUP_ELEMENTS];
        ByteBuffer bytes =
                ByteBuffer.allocate((int) Int8Rows.rowBytes(x.columns()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int first = 0; first < values.length; first += group.length) {
            System.arraycopy(values, first, group, 0, group.length);
            float scale = quantizeGroup(group, codes);
            put(codes, scale, bytes);
        }
        MemorySegment.copy(
                bytes.array(),
                0,
                y.data(),
                ValueLayout.JAVA_BYTE,
                y.codesOffset(row, 0),
                bytes.capacity());
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

    private static void put(int[] codes, float scale, ByteBuffer bytes) {
        int[] sums = new int[2];
        for (int i = 0; i < codes.length; i++) {
            bytes.put((byte) codes[i]);
            sums[i / 16] += codes[i];
        }
        bytes.putFloat(scale).putShort((short) sums[0]).putShort((short) sums[1]);
    }
}
