package autark.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A file of little-endian floats that appears whole or not at all: it is written under another
/// name and renamed at the end. What is there and no plain file (a pipe, a device) is written to
/// directly.
final class OutputFile implements AutoCloseable {
    private final Path target;
    private final Path written;
    private final OutputStream stream;

    private OutputFile(Path target, Path written) throws IOException {
        this.target = target;
        this.written = written;
        this.stream = new BufferedOutputStream(Files.newOutputStream(written), 1 << 20);
    }

    static OutputFile create(Path target) throws IOException {
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            return new OutputFile(target, target);
        }
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new CommandException("no such folder: " + folder);
        }
        String name = ".%s.%d.part".formatted(target.getFileName(), ProcessHandle.current().pid());
        return new OutputFile(target, folder.resolve(name));
    }

    /// Appends the first `count` values.
    void write(float[] values, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values, 0, count);
        stream.write(bytes.array());
    }

    /// Makes the file appear under its name.
    void commit() throws IOException {
        stream.close();
        if (!written.equals(target)) {
            Files.move(written, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /// Removes what was not committed.
    @Override
    public void close() throws IOException {
        stream.close();
        if (!written.equals(target)) {
            Files.deleteIfExists(written);
        }
    }
}
