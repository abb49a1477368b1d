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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// One file of a model. Its header is read and its tensor data is mapped.
///
/// Mapped pages that are gone, since another process cut the file short, give an error that Java
/// delivers a little later than the access. That is bearable around the loading of all weights, but
/// not around the many small reads of a header, where plain reading tells the end of a file at
/// once.
final class ModelPart implements AutoCloseable {
    /// Bytes that are hashed at once.
    private static final int HASHED_BYTES = 1 << 20;

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

    /// Fills `into` with data of a tensor, from byte `offset` of it on. Safe for use by several
    /// threads.
    ///
    /// @param dataOffset where the offsets of tensors count from
    /// @throws ModelFormatException if the data cannot be read any more
    /// @throws IllegalArgumentException if the tensor has no such bytes
    void read(TensorInfo tensor, long dataOffset, long offset, MemorySegment into) {
        if (offset < 0 || into.byteSize() > tensor.bytes() - offset) {
            throw new IllegalArgumentException(
                    "tensor %s: found %d bytes from %d on, expected at most %d"
                            .formatted(tensor.name(), into.byteSize(), offset, tensor.bytes()));
        }
        read(dataOffset + tensor.offset() + offset, into.asByteBuffer());
    }

    /// SHA-256 of all bytes of some files, one behind the other, in hexadecimal digits.
    static String sha256(List<ModelPart> files) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        ByteBuffer buffer = ByteBuffer.allocate(HASHED_BYTES);
        for (ModelPart file : files) {
            for (long at = 0; at < file.byteSize(); at += buffer.limit()) {
                buffer.clear().limit((int) Math.min(HASHED_BYTES, file.byteSize() - at));
                file.read(at, buffer);
                digest.update(buffer.flip());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
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
