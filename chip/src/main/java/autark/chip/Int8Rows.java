package autark.chip;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Activations quantized for the integer kernels: one row a token, in groups of 32 columns.
///
/// A group holds its 32 codes (signed bytes, -127 to 127), then its scale (f32), then the sum of
/// the codes of each half (16-bit), which the kernels need for zero points and mins; so a kernel
/// walks along a row with one pointer. The value of a code is `code * scale`.
///
/// @param columns a multiple of 32
/// @param data `rows * rowBytes(columns)` bytes
public record Int8Rows(int rows, int columns, MemorySegment data) {
    public static final int GROUP_ELEMENTS = 32;

    /// Bytes of a group, and where its scale and its sums stand.
    public static final int GROUP_BYTES = 40;

    public static final int SCALE_OFFSET = 32;
    public static final int SUMS_OFFSET = 36;

    public Int8Rows {
        if (columns % GROUP_ELEMENTS != 0 || data.byteSize() < rows * rowBytes(columns)) {
            throw new IllegalArgumentException(
                    "found %d bytes for %d rows of %d columns, expected a multiple of 32 columns and %d bytes"
                            .formatted(data.byteSize(), rows, columns, rows * rowBytes(columns)));
        }
    }

    /// Bytes of one row.
    public static long rowBytes(int columns) {
        return columns / GROUP_ELEMENTS * (long) GROUP_BYTES;
    }

    public int groupCount() {
        return columns / GROUP_ELEMENTS;
    }

    /// Byte offset of the first code of a group.
    public long codesOffset(int row, int group) {
        return row * rowBytes(columns) + (long) group * GROUP_BYTES;
    }

    public long scaleOffset(int row, int group) {
        return codesOffset(row, group) + SCALE_OFFSET;
    }

    /// @param half 0 for columns 0-15 of the group, 1 for 16-31
    public long sumOffset(int row, int group, int half) {
        return codesOffset(row, group) + SUMS_OFFSET + 2L * half;
    }

    /// Copies the codes of a group to `into`.
    public void codes(int row, int group, byte[] into) {
        MemorySegment.copy(
                data, ValueLayout.JAVA_BYTE, codesOffset(row, group), into, 0, GROUP_ELEMENTS);
    }

    public float scale(int row, int group) {
        return data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, scaleOffset(row, group));
    }

    public int sum(int row, int group, int half) {
        return data.get(ValueLayout.JAVA_SHORT_UNALIGNED, sumOffset(row, group, half));
    }
}
