package autark.model.file;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// An open file of named tensors, whatever its format.
public sealed interface TensorFile extends AutoCloseable permits Gguf, Safetensors {
    /// The file that was opened; of a split model the first part.
    Path path();

    /// All tensors in the order of the file.
    List<TensorInfo> tensors();

    Optional<TensorInfo> tensor(String name);

    /// Fills `into` with data of a tensor of this file, from byte `offset` of it on. Read, not
    /// mapped, so that the memory behind `into` is safe to hand to native code. Several threads may
    /// read at once.
    ///
    /// @throws ModelFormatException if the file was cut short meanwhile
    /// @throws IllegalArgumentException if the tensor is not of this file or has no such bytes
    void read(TensorInfo tensor, long offset, MemorySegment into);

    /// SHA-256 of all bytes of the file, 64 lower-case hexadecimal digits.
    ///
    /// @throws ModelFormatException if the file was cut short meanwhile
    String sha256();

    /// Closes the file. No other thread may be reading its data.
    @Override
    void close();
}
