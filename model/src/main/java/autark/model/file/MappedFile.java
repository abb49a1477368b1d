package autark.model.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// One file of a model, mapped read-only.
///
/// @param bytes the whole file
record MappedFile(Path path, MemorySegment bytes) {
    /// Copies `count` bytes at `offset` to the front of `into`.
    ///
    /// @throws ModelFormatException if the file was cut short meanwhile
    void copy(long offset, byte[] into, int count) {
        try {
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, into, 0, count);
        } catch (InternalError e) {
            throw changed(path, e);
        }
    }

    /// The error of a file whose mapped pages are gone.
    static ModelFormatException changed(Path path, InternalError cause) {
        return new ModelFormatException(
                "%s: the file was changed or cut short while it was read; open it again"
                        .formatted(path),
                cause);
    }
}
