package autark.model.file;

import autark.chip.quant.QuantType;
import java.util.List;

/// One tensor of a model file: its name, storage type, shape and place.
///
/// @param shape extents as the file lists them: the first is the number of columns, whose elements
///   lie next to one another; one to four extents, each at least 1
/// @param offset first byte of the data, counted from the start of all tensor data of its file
/// @param bytes size of the data
public record TensorInfo(String name, QuantType type, List<Long> shape, long offset, long bytes) {
    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /// Elements of one row.
    public long columns() {
        return shape.getFirst();
    }

    /// Rows over all further dimensions; 1 for a vector.
    public long rows() {
        long rows = 1;
        for (int dim = 1; dim < shape.size(); dim++) {
            rows *= shape.get(dim);
        }
        return rows;
    }

    /// Shape for people, for instance `576 x 49152`.
    public String shapeText() {
        StringBuilder text = new StringBuilder();
        for (long extent : shape) {
            text.append(text.isEmpty() ? "" : " x ").append(extent);
        }
        return text.toString();
    }
}
