package autark.model.file;

import autark.chip.quant.QuantType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Checks what a header says about its tensors, each by itself and all together: inside the file,
/// no overlap, no hole beyond the padding to the alignment, nothing after the last.
final class TensorLayout {
    private final Path path;
    private final long fileBytes;
    private final long alignment;
    private final SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();

    TensorLayout(Path path, long fileBytes, long alignment) {
        this.path = path;
        this.fileBytes = fileBytes;
        this.alignment = alignment;
    }

    /// Adds a tensor. Its offset counts from the start of the data, whose place is not yet known.
    ///
    /// @param at byte offset of the tensor's entry in the header, for messages
    /// @return the tensor
    TensorInfo add(long at, String name, int ggufType, List<Long> shape, long offset) {
        Optional<QuantType> type = QuantType.ofGgufId(ggufType);
        if (type.isEmpty()) {
            throw error(at, unsupported(name, ggufType));
        }
        long bytes = bytes(at, name, type.get(), shape);
        if (offset < 0 || offset % alignment != 0) {
            throw error(
                    at,
                    "found offset %s of tensor %s, expected a multiple of the alignment %d"
                            .formatted(Long.toUnsignedString(offset), name, alignment));
        }
        if (offset > fileBytes || bytes > fileBytes - offset) {
            throw error(at, outside(name, offset, bytes));
        }
        TensorInfo tensor = new TensorInfo(name, type.get(), shape, offset, bytes);
        if (tensors.putIfAbsent(name, tensor) != null) {
            throw error(at, "found tensor %s twice, expected it once".formatted(name));
        }
        return tensor;
    }

    private static String unsupported(String name, int ggufType) {
        return "found tensor %s of type %s, which Autark does not support; get the model in one of %s"
                .formatted(name, TensorTypeNames.of(ggufType), List.of(QuantType.values()));
    }

    private long bytes(long at, String name, QuantType type, List<Long> shape) {
        for (long extent : shape) {
            if (extent < 1) {
                throw error(
                        at,
                        "found extent %s in the shape of tensor %s, expected 1 to 2^63 - 1"
                                .formatted(Long.toUnsignedString(extent), name));
            }
        }
        if (shape.getFirst() % type.blockElements() != 0) {
            throw error(
                    at,
                    "found %d columns in tensor %s of type %s, expected a multiple of %d"
                            .formatted(shape.getFirst(), name, type, type.blockElements()));
        }
        try {
            long elements = 1;
            for (long extent : shape) {
                elements = Math.multiplyExact(elements, extent);
            }
            return type.bytes(elements);
        } catch (ArithmeticException e) {
            throw error(
                    at,
                    "found shape %s of tensor %s, expected less than 2^63 bytes"
                            .formatted(shape, name));
        }
    }

    /// The tensors in the order of the header.
    ///
    /// @param headerBytes end of the header
    /// @throws ModelFormatException if the tensors do not fill the rest of the file
    SequencedMap<String, TensorInfo> tensors(long headerBytes) {
        long dataOffset = dataOffset(headerBytes);
        TensorInfo[] sorted = tensors.values().toArray(new TensorInfo[0]);
        Arrays.sort(sorted, new ByOffset());
        long expected = dataOffset;
        String previous = "the header";
        for (TensorInfo tensor : sorted) {
            long offset = dataOffset + tensor.offset();
            if (tensor.bytes() > fileBytes - offset) {
                throw error(headerBytes, outside(tensor.name(), offset, tensor.bytes()));
            }
            if (offset != expected) {
                String rule = offset < expected ? "tensors may not overlap" : "no hole may be left";
                throw error(
                        offset,
                        "found tensor %s here, expected it at byte %d behind %s; %s"
                                .formatted(tensor.name(), expected, previous, rule));
            }
            expected = alignUp(offset + tensor.bytes());
            previous = tensor.name();
        }
        if (fileBytes > expected) {
            throw error(
                    expected,
                    "found %d bytes behind %s, expected the end of the file"
                            .formatted(fileBytes - expected, previous));
        }
        return tensors;
    }

    /// Start of the data behind a header, which all offsets count from.
    long dataOffset(long headerBytes) {
        return alignUp(headerBytes);
    }

    /// A class and no lambda, since this is on the way of each start of the program, when a lambda
    /// costs milliseconds.
    private static final class ByOffset implements Comparator<TensorInfo> {
        @Override
        public int compare(TensorInfo one, TensorInfo other) {
            return Long.compare(one.offset(), other.offset());
        }
    }

    private String outside(String name, long offset, long bytes) {
        return ("found a file of %d bytes, expected tensor %s of %d bytes at %d in it; the file is"
                        + " damaged or its download is incomplete")
                .formatted(fileBytes, name, bytes, offset);
    }

    /// Next multiple of the alignment. Offsets are at most the file's size here, so nothing wraps.
    private long alignUp(long offset) {
        return Math.addExact(offset, alignment - 1) & -alignment;
    }

    private ModelFormatException error(long offset, String message) {
        return ModelFormatException.at(path, offset, message);
    }
}
