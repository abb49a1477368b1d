package autark.chip;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A matrix of floats in row-major order, in memory that we own.
///
/// @param stride floats from one row to the next
public record Rows(int rows, int columns, int stride, MemorySegment data) {
    public Rows {
        long expected = rows == 0 ? 0 : 4 * ((rows - 1L) * stride + columns);
        if (stride < columns || data.byteSize() < expected) {
            throw new IllegalArgumentException(
                    "found %d bytes for %d x %d floats with stride %d, expected %d"
                            .formatted(data.byteSize(), rows, columns, stride, expected));
        }
    }

    /// The first `count` rows.
    public Rows first(int count) {
        return new Rows(count, columns, stride, data);
    }

    /// Byte offset of an element.
    public long offset(int row, int column) {
        return 4 * ((long) row * stride + column);
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
}
