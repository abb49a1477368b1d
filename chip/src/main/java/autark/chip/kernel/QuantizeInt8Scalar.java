package autark.chip.kernel;

import autark.chip.Int8Rows;
import autark.chip.Rows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Quantizes activations to int8, one scale per 32 columns.
///
/// The scale is the largest magnitude over 127, a code the value over the scale rounded to the
/// nearest, ties to even. Groups smaller than 2^-100 become zeros, so that the reciprocal of the
/// scale stays finite. Inputs are finite.
final class QuantizeInt8Scalar {
    private static final float MAGNITUDE_MIN = 0x1p-100f;

    private QuantizeInt8Scalar() {}

    static void quantize(Rows x, Int8Rows y, int row) {
        float[] group = new float[Int8Rows.GROUP_ELEMENTS];
        for (int groupIndex = 0; groupIndex < y.groupCount(); groupIndex++) {
            int column = groupIndex * Int8Rows.GROUP_ELEMENTS;
            MemorySegment.copy(
                    x.data(),
                    ValueLayout.JAVA_FLOAT,
                    x.offset(row, column),
                    group,
                    0,
                    group.length);
            quantizeGroup(group, y, row, groupIndex);
        }
    }

    private static void quantizeGroup(float[] group, Int8Rows y, int row, int groupIndex) {
        float magnitude = 0;
        for (float value : group) {
            magnitude = Math.max(magnitude, Math.abs(value));
        }
        boolean tiny = magnitude < MAGNITUDE_MIN;
        float inverse = tiny ? 0 : 127f / magnitude;
        MemorySegment data = y.data();
        long codes = y.codesOffset(row) + (long) groupIndex * Int8Rows.GROUP_ELEMENTS;
        for (int half = 0; half < 2; half++) {
            int sum = 0;
            for (int i = 16 * half; i < 16 * half + 16; i++) {
                int code = (int) Math.rint(group[i] * inverse);
                data.set(ValueLayout.JAVA_BYTE, codes + i, (byte) code);
                sum += code;
            }
            data.set(
                    ValueLayout.JAVA_SHORT_UNALIGNED,
                    y.sumOffset(row, groupIndex, half),
                    (short) sum);
        }
        data.set(
                ValueLayout.JAVA_FLOAT_UNALIGNED,
                y.scaleOffset(row, groupIndex),
                tiny ? 0 : magnitude / 127f);
    }
}
