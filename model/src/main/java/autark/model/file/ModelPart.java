package autark.model.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;

/// One file of a model. Its header is read and its tensor data is mapped.
///
/// Mapped pages that are gone, since another process cut the file short, give an error that Java
/// delivers a little later than the access. That is bearable around the loading of all weights, but
/// not around the many small reads of a header, where plain reading tells the end of a file at
/// once.
final class ModelPart implements AutoCloseable {
    private final Path path;
    private final RandomAccessFile file;
    private final MemorySegment bytes;

    /// Opens a file; the arena unmaps it.
    ///
    /// @throws ModelFormatException if it is absent, no regular file, or unreadable
    ModelPart(Path path, Arena arena) {
        if (!Files.isRegularFile(path)) {
            String found =
                    Files.isDirectory(path)
                            ? "a folder"
                            : Files.exists(path) ? "no regular file" : "no file";
            throw new ModelFormatException(
                    "%s: found %s, expected a model file".formatted(path, found));
        }
        this.path = path;
        try {
            this.file = new RandomAccessFile(path.toFile(), "r");
        } catch (IOException e) {
            throw unreadable(e);
        }
        try {
            this.bytes = file.getChannel().map(MapMode.READ_ONLY, 0, file.length(), arena);
        } catch (IOException e) {
            close();
            throw unreadable(e);
        }
    }

    Path path() {
        return path;
    }

    /// Size when it was opened.
    long byteSize() {
        return bytes.byteSize();
    }

    /// All bytes, mapped.
    MemorySegment mapped() {
        return bytes;
    }

    /// Reads `count` bytes at `offset` to the front of `into`.
    ///
    /// @throws ModelFormatException if they cannot be read any more
    void read(long offset, byte[] into, int count) {
        try {
            synchronized (file) {
                file.seek(offset);
                file.readFully(into, 0, count);
            }
        } catch (EOFException e) {
            throw changed(path, e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /// Fills `into` with the bytes from `offset` on. Safe for use by several threads.
    ///
    /// @throws ModelFormatException if they cannot be read any more
    void read(long offset, ByteBuffer into) {
        long at = offset;
        try {
            while (into.hasRemaining()) {
                int count = file.getChannel().read(into, at);
                if (count < 0) {
                    throw changed(path, new EOFException());
                }
                at += count;
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /// The error of a file that is not any more what it was when it was opened.
    static ModelFormatException changed(Path path, Throwable cause) {
        return new ModelFormatException(
                "%s: the file was changed or cut short while it was read; open it again"
                        .formatted(path),
                cause);
    }

    private ModelFormatException unreadable(IOException cause) {
        return new ModelFormatException(
                "%s: the file cannot be read: %s".formatted(path, cause.getMessage()), cause);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }
}
