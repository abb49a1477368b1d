package autark.model.file;

import autark.chip.quant.QuantType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Checks what a header says about its tensors, each by itself and all together: inside the file,
/// no overlap, no hole beyond the padding to the alignment, nothing after the last.
final class TensorLayout {
    private final Path path;
    private final long fileBytes;
    private final long alignment;
    private final List<TensorInfo> tensors = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    TensorLayout(Path path, long fileBytes, long alignment) {
        this.path = path;
        this.fileBytes = fileBytes;
        this.alignment = alignment;
    }

    /// Adds a tensor; `offset` counts from the start of the data, whose place is not yet known.
    ///
    /// @param at byte offset of the tensor's entry in the header, for messages
    void add(long at, String name, int ggufType, List<Long> shape, long offset) {
        Optional<QuantType> type = QuantType.ofGgufId(ggufType);
        if (type.isEmpty()) {
            throw error(at, unsupported(name, ggufType));
        }
        if (!names.add(name)) {
            throw error(at, "found tensor %s twice, expected it once".formatted(name));
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
        tensors.add(new TensorInfo(name, type.get(), shape, offset, bytes));
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
            String message =
                    "found shape %s of tensor %s, expected less than 2^63 bytes"
                            .formatted(shape, name);
            throw new ModelFormatException(located(at, message), e);
        }
    }

    /// The tensors in the order of the header, their offsets counted from the start of the file.
    ///
    /// @param headerBytes end of the header; the data starts at the next multiple of the alignment
    List<TensorInfo> locate(long headerBytes) {
        long dataOffset = alignUp(headerBytes);
        List<TensorInfo> located = new ArrayList<>(tensors.size());
        for (TensorInfo tensor : tensors) {
            long offset = dataOffset + tensor.offset();
            if (tensor.bytes() > fileBytes - offset) {
                throw error(headerBytes, outside(tensor.name(), offset, tensor.bytes()));
            }
            located.add(
                    new TensorInfo(
                            tensor.name(), tensor.type(), tensor.shape(), offset, tensor.bytes()));
        }
        requireContiguous(headerBytes, dataOffset, located);
        return List.copyOf(located);
    }

    private void requireContiguous(long headerBytes, long dataOffset, List<TensorInfo> located) {
        SortedMap<Long, TensorInfo> byOffset = new TreeMap<>();
        for (TensorInfo tensor : located) {
            TensorInfo other = byOffset.put(tensor.offset(), tensor);
            if (other != null) {
                throw error(
                        tensor.offset(),
                        "found tensors %s and %s both here, expected them apart"
                                .formatted(other.name(), tensor.name()));
            }
        }
        long expected = dataOffset;
        String previous = "the header";
        for (TensorInfo tensor : byOffset.values()) {
            if (tensor.offset() != expected) {
                throw error(
                        tensor.offset(),
                        "found tensor %s here, expected it at byte %d behind %s; tensors may %s"
                                .formatted(
                                        tensor.name(),
                                        expected,
                                        previous,
                                        tensor.offset() < expected
                                                ? "not overlap"
                                                : "not leave a hole"));
            }
            expected = alignUp(tensor.offset() + tensor.bytes());
            previous = tensor.name();
        }
        if (fileBytes > expected && fileBytes > headerBytes) {
            throw error(
                    expected,
                    "found %d bytes behind %s, expected the end of the file"
                            .formatted(fileBytes - expected, previous));
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
        return new ModelFormatException(located(offset, message));
    }

    private String located(long offset, String message) {
        return "%s: byte %d: %s".formatted(path, offset, message);
    }
}
