package autark.model.file;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// An open GGUF model file (version 2 or 3), or all parts of a split one, opened by the first.
///
/// Every length, offset and count is checked before [#open] returns. The tensors' data is mapped
/// read-only; it is read only when asked for, and only by checked Java code: should another process
/// cut the file short meanwhile, Java code gets an error that [#reading] turns into a
/// [ModelFormatException], while native code would take the process down.
///
/// Safe for use by many threads. After [#close] no data and no metadata can be read.
public final class Gguf implements TensorFile {
    private record Part(ModelPart file, GgufHeader header) {}

    private final Arena arena;
    private final List<Part> parts;
    private final List<TensorInfo> tensors;

    private Gguf(Arena arena, List<Part> parts) {
        this.arena = arena;
        this.parts = List.copyOf(parts);
        List<TensorInfo> all = new ArrayList<>();
        for (Part part : parts) {
            all.addAll(part.header().tensors().values());
        }
        this.tensors = Collections.unmodifiableList(all);
    }

    /// Opens a model file. A split model is opened by its first part.
    ///
    /// @throws ModelFormatException if the file is absent, unreadable, no GGUF file, damaged, or of
    ///   a kind that is not supported
    @SuppressWarnings("MustBeClosedChecker") // close() closes the arena
    public static Gguf open(Path path) {
        Arena arena = Arena.ofShared();
        List<Part> parts = new ArrayList<>();
        try {
            openParts(path, arena, parts);
            return new Gguf(arena, parts);
        } catch (RuntimeException | Error e) {
            close(arena, parts);
            throw e;
        }
    }

    private static void openParts(Path path, Arena arena, List<Part> parts) {
        Part first = open(path, arena);
        parts.add(first);
        Metadata metadata = first.header().metadata();
        SplitFiles split = SplitFiles.of(path, metadata);
        Set<String> names = new HashSet<>(first.header().tensors().keySet());
        for (int index = 1; index < split.count(); index++) {
            Part part = open(split.part(index), arena);
            parts.add(part);
            split.check(index, part.header().metadata());
            addNames(names, part);
        }
        split.checkTensorCount(names.size(), metadata);
    }

    private static Part open(Path path, Arena arena) {
        ModelPart file = new ModelPart(path, arena);
        try {
            return new Part(file, GgufHeader.read(file));
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static void addNames(Set<String> names, Part part) {
        for (String name : part.header().tensors().keySet()) {
            if (!names.add(name)) {
                throw new ModelFormatException(
                        "%s: found tensor %s, which an earlier part has as well"
                                .formatted(part.file().path(), name));
            }
        }
        if (names.size() > GgufHeader.TENSOR_COUNT_MAX) {
            throw new ModelFormatException(
                    "%s: found %d tensors up to this part, expected at most %d"
                            .formatted(
                                    part.file().path(), names.size(), GgufHeader.TENSOR_COUNT_MAX));
        }
    }

    /// Runs code that reads the data of a mapped file and turns the fault of a file that was cut
    /// short meanwhile into a clear error.
    ///
    /// @throws ModelFormatException if the file changed while it was read
    public static <T> T reading(Path path, Supplier<T> body) {
        try {
            return body.get();
        } catch (InternalError e) {
            throw ModelPart.changed(path, e);
        }
    }

    @Override
    public Path path() {
        return parts.getFirst().file().path();
    }

    /// GGUF version, 2 or 3.
    public int version() {
        return parts.getFirst().header().version();
    }

    /// Bytes of all parts.
    public long fileBytes() {
        return parts.stream().mapToLong(part -> part.file().byteSize()).sum();
    }

    /// Bytes of the headers of all parts: what is not tensor data or padding.
    public long headerBytes() {
        return parts.stream().mapToLong(part -> part.header().headerBytes()).sum();
    }

    /// Metadata, of a split model that of the first part.
    public Metadata metadata() {
        return parts.getFirst().header().metadata();
    }

    @Override
    public List<TensorInfo> tensors() {
        return tensors;
    }

    @Override
    public Optional<TensorInfo> tensor(String name) {
        for (Part part : parts) {
            TensorInfo tensor = part.header().tensors().get(name);
            if (tensor != null) {
                return Optional.of(tensor);
            }
        }
        return Optional.empty();
    }

    /// The data of a tensor of this file: mapped, read-only, `tensor.bytes()` long. Read it inside
    /// [#reading], and never pass its address to native code.
    ///
    /// @throws IllegalArgumentException if the tensor is not of this file
    public MemorySegment data(TensorInfo tensor) {
        Part part = partOf(tensor);
        long offset = part.header().dataOffset() + tensor.offset();
        return part.file().mapped().asSlice(offset, tensor.bytes());
    }

    @Override
    public void read(TensorInfo tensor, long offset, MemorySegment into) {
        Part part = partOf(tensor);
        part.file().read(tensor, part.header().dataOffset(), offset, into);
    }

    @Override
    public String sha256() {
        return ModelPart.sha256(parts.stream().map(Part::file).toList());
    }

    private Part partOf(TensorInfo tensor) {
        for (Part part : parts) {
            if (tensor.equals(part.header().tensors().get(tensor.name()))) {
                return part;
            }
        }
        throw new IllegalArgumentException(
                "found tensor %s, expected one of %s".formatted(tensor.name(), path()));
    }

    /// Closes and unmaps the file. No other thread may be reading its data.
    @Override
    public void close() {
        close(arena, parts);
    }

    private static void close(Arena arena, List<Part> parts) {
        for (Part part : parts) {
            part.file().close();
        }
        arena.close();
    }
}
