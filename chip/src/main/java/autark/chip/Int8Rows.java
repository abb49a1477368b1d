package autark.chip;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Activations quantized for the integer kernels: one row a token, in groups of 32 columns.
///
/// A row holds the codes (`columns` signed bytes, -127 to 127), then a scale a group (f32), then
/// the sum of the codes of each half group (16-bit), which the kernels need for zero points and
/// mins. The value of a code is `code * scale`.
///
/// @param columns a multiple of 32
/// @param data `rows * rowBytes(columns)` bytes
public record Int8Rows(int rows, int columns, MemorySegment data) {
    public static final int GROUP_ELEMENTS = 32;

    public Int8Rows {
        if (columns % GROUP_ELEMENTS != 0 || data.byteSize() < rows * rowBytes(columns)) {
            throw new IllegalArgumentException(
                    "found %d bytes for %d rows of %d columns, expected a multiple of 32 columns and %d bytes"
                            .formatted(data.byteSize(), rows, columns, rows * rowBytes(columns)));
        }
    }

    /// Bytes of one row.
    public static long rowBytes(int columns) {
        return columns + columns / GROUP_ELEMENTS * (4L + 2 * 2L);
    }

    public int groupCount() {
        return columns / GROUP_ELEMENTS;
    }

    public long codesOffset(int row) {
        return row * rowBytes(columns);
    }

    public long scaleOffset(int row, int group) {
        return codesOffset(row) + columns + 4L * group;
    }

    /// @param half 0 for columns 0-15 of the group, 1 for 16-31
    public long sumOffset(int row, int group, int half) {
        return codesOffset(row) + columns + 4L * groupCount() + 4L * group + 2L * half;
    }

    public float scale(int row, int group) {
        return data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, scaleOffset(row, group));
    }

    public int sum(int row, int group, int half) {
        return data.get(ValueLayout.JAVA_SHORT_UNALIGNED, sumOffset(row, group, half));
    }
}
