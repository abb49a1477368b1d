package autark.chip;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Activations quantized for the integer kernels, in groups of 32 columns; the value of a code is
/// `code * scale`.
///
/// A group is one cache line: its codes, its scale, and what kernels add for mins and zero points,
/// so that they need no arithmetic for it:
///
/// ```
///  0  32 codes, signed bytes from -127 to 127
/// 32  scale, f32
/// 36  scale * sum of all codes, f32;  40, 44 likewise of codes 0-15 and 16-31
/// 48  -128 * sum, i32;  52  -8 * sum, i32;  56, 60  -32 * sum of codes 0-15 and 16-31, i32
/// ```
///
/// Rows come in panels of as many as the widest kernel takes at once; within a panel the groups of
/// the same columns stand together, so that a kernel walks along a panel from front to back:
///
/// ```
/// panel 0: group 0 [row 0] [row 1] ... group 1 [row 0] [row 1] ...
/// panel 1: ...
/// ```
///
/// @param columns a multiple of 32
/// @param panelRows rows of a panel; the last one may have fewer
/// @param data `rows * rowBytes(columns)` bytes
public record Int8Rows(int rows, int columns, int panelRows, MemorySegment data) {
    public static final int GROUP_ELEMENTS = 32;
    public static final int GROUP_BYTES = 64;

    /// Byte offsets within a group.
    public static final int SCALE = 32;

    public static final int SCALED_SUM = 36;
    public static final int SCALED_SUM_LOW = 40;
    public static final int SCALED_SUM_HIGH = 44;
    public static final int MINUS_128_SUMS = 48;
    public static final int MINUS_8_SUMS = 52;
    public static final int MINUS_32_SUMS_LOW = 56;
    public static final int MINUS_32_SUMS_HIGH = 60;

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

    /// Byte offset of a group of a row.
    public long groupOffset(int row, int group) {
        int first = row - row % panelRows;
        long panel = first * rowBytes(columns);
        return panel + group * groupStride(row) + (long) (row - first) * GROUP_BYTES;
    }

    /// Bytes from a group of a row to its next one.
    public long groupStride(int row) {
        int first = row - row % panelRows;
        return (long) GROUP_BYTES * Math.min(panelRows, rows - first);
    }

    /// Copies the codes of a group to `into`.
    public void codes(int row, int group, byte[] into) {
        MemorySegment.copy(
                data, ValueLayout.JAVA_BYTE, groupOffset(row, group), into, 0, GROUP_ELEMENTS);
    }

    /// The float at byte `field` of a group.
    public float value(int row, int group, int field) {
        return data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, groupOffset(row, group) + field);
    }

    public float scale(int row, int group) {
        return value(row, group, SCALE);
    }
}
