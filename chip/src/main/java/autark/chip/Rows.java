package autark.chip;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A matrix of floats in row-major order, in memory that we own. Rows are filled up to a multiple
/// of [#PADDING] floats, so that kernels may read and write whole vectors; what the filling holds
/// means nothing.
///
/// @param data `bytes(rows, columns)` bytes
public record Rows(int rows, int columns, MemorySegment data) {
    /// Floats of the widest vector.
    public static final int PADDING = 16;

    public Rows {
        if (data.byteSize() < bytes(rows, columns)) {
            throw new IllegalArgumentException(
                    "found %d bytes for %d x %d floats, expected %d"
                            .formatted(data.byteSize(), rows, columns, bytes(rows, columns)));
        }
    }

    /// Floats from one row to the next.
    public static int stride(int columns) {
        return (columns + PADDING - 1) / PADDING * PADDING;
    }

    /// Bytes of a matrix.
    public static long bytes(int rows, int columns) {
        return 4L * rows * stride(columns);
    }

    public int stride() {
        return stride(columns);
    }

    /// The first `count` rows.
    public Rows first(int count) {
        return new Rows(count, columns, data);
    }

    /// Byte offset of an element.
    public long offset(int row, int column) {
        return 4 * ((long) row * stride() + column);
    }

    public float get(int row, int column) {
        return data.get(ValueLayout.JAVA_FLOAT, offset(row, column));
    }

    public void set(int row, int column, float value) {
        data.set(ValueLayout.JAVA_FLOAT, offset(row, column), value);
    }

    /// A copy of a row.
    public float[] row(int row) {
        float[] values = new float[columns];
        row(row, values);
        return values;
    }

    /// Copies a row to the front of `into`.
    public void row(int row, float[] into) {
        MemorySegment.copy(data, ValueLayout.JAVA_FLOAT, offset(row, 0), into, 0, columns);
    }

    /// Overwrites a row with the front of `from`.
    public void setRow(int row, float[] from) {
        MemorySegment.copy(from, 0, data, ValueLayout.JAVA_FLOAT, offset(row, 0), columns);
    }

    /// Overwrites a row with zeros.
    public void clearRow(int row) {
        data.asSlice(offset(row, 0), 4L * columns).fill((byte) 0);
    }
}
