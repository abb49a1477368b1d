package autark.model.file;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// An open safetensors file: a length, a JSON header, and the data of the tensors.
///
/// Every length, offset and shape is checked before [#open] returns, as for a [Gguf]. Shapes are
/// told as there, the number of columns first. Safe for use by many threads.
public final class Safetensors implements TensorFile {
    private final Arena arena;
    private final ModelPart file;
    private final SequencedMap<String, TensorInfo> tensors;
    private final long dataOffset;

    private Safetensors(Arena arena, ModelPart file, SafetensorsHeader header) {
        this.arena = arena;
        this.file = file;
        this.tensors = header.tensors();
        this.dataOffset = header.dataOffset();
    }

    /// Opens a file.
    ///
    /// @throws ModelFormatException if the file is absent, unreadable, damaged, or holds tensors of
    ///   other types than F32, F16 and BF16
    @SuppressWarnings("MustBeClosedChecker") // close() closes the arena
    public static Safetensors open(Path path) {
        Arena arena = Arena.ofShared();
        try {
            ModelPart file = new ModelPart(path, arena);
            try {
                return new Safetensors(arena, file, SafetensorsHeader.read(file));
            } catch (RuntimeException | Error e) {
                file.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public List<TensorInfo> tensors() {
        return List.copyOf(tensors.values());
    }

    @Override
    public Optional<TensorInfo> tensor(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    @Override
    public void read(TensorInfo tensor, long offset, MemorySegment into) {
        if (!tensor.equals(tensors.get(tensor.name()))) {
            throw new IllegalArgumentException(
                    "found tensor %s, expected one of %s".formatted(tensor.name(), path()));
        }
        file.read(tensor, dataOffset, offset, into);
    }

    @Override
    public String sha256() {
        return ModelPart.sha256(List.of(file));
    }

    @Override
    public void close() {
        file.close();
        arena.close();
    }
}
