package autark.model.file;

import autark.chip.quant.Dequantizer;
import java.lang.foreign.MemorySegment;

/// The rows of a tensor as the floats that they stand for.
public final class TensorRows {
    private final Gguf file;
    private final TensorInfo tensor;
    private final MemorySegment data;

    /// @param tensor one of `file`, which must stay open
    public TensorRows(Gguf file, TensorInfo tensor) {
        this.file = file;
        this.tensor = tensor;
        this.data = file.data(tensor);
    }

    /// Writes row `index`, `columns` floats, to the front of `into`.
    ///
    /// @throws IllegalArgumentException if the tensor has no such row
    /// @throws ModelFormatException if the file was cut short meanwhile
    public void read(long index, float[] into) {
        if (index < 0 || index >= tensor.rows()) {
            throw new IllegalArgumentException(
                    "found row %d of %s, expected 0 to %d"
                            .formatted(index, tensor.name(), tensor.rows() - 1));
        }
        int columns = Math.toIntExact(tensor.columns());
        long rowBytes = tensor.bytes() / tensor.rows();
        Gguf.reading(
                file.path(),
                () -> {
                    Dequantizer.dequantize(tensor.type(), data, index * rowBytes, columns, into);
                    return into;
                });
    }
}
