package autark.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.stream.Stream;

/// Every operation by which the store changes the disk. A probe is asked before each one, so that
/// tests can let any of them fail. No operation follows a symbolic link that stands for the file
/// itself.
final class Disk {
    /// Asked before each operation; what it throws is what the operation throws.
    interface Probe {
        void before(String operation) throws IOException;
    }

    private final Probe probe;

    Disk(Probe probe) {
        this.probe = probe;
    }

    void createFolders(Path folder) throws IOException {
        probe.before("create folder");
        Files.createDirectories(folder);
    }

    long freeBytes(Path folder) throws IOException {
        probe.before("free bytes");
        return Files.getFileStore(folder).getUsableSpace();
    }

    FileChannel open(Path file, StandardOpenOption... options) throws IOException {
        probe.before("open");
        OpenOption[] all =
                Stream.concat(Arrays.stream(options), Stream.of(LinkOption.NOFOLLOW_LINKS))
                        .toArray(OpenOption[]::new);
        return FileChannel.open(file, all);
    }

    /// Writes all of `bytes` at `position`.
    void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
        probe.before("write");
        long at = position;
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }

    void truncate(FileChannel file, long size) throws IOException {
        probe.before("truncate");
        file.truncate(size);
    }

    /// Returns when the bytes of the file are on the medium.
    void force(FileChannel file) throws IOException {
        probe.before("force");
        file.force(true);
    }

    void makeReadOnly(Path file) throws IOException {
        probe.before("make read-only");
        PosixFileAttributeView view =
                Files.getFileAttributeView(
                        file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view != null) {
            view.setPermissions(PosixFilePermissions.fromString("r--------"));
        }
    }

    /// Renames in one step: whoever looks sees the old file or the new one. The new name is on the
    /// medium when this returns.
    void rename(Path from, Path to) throws IOException {
        probe.before("rename");
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        if (!isWindows(to)) { // where folders cannot be opened
            try (FileChannel folder = FileChannel.open(to.resolveSibling(""))) {
                folder.force(true);
            }
        }
    }

    void delete(Path file) throws IOException {
        probe.before("delete");
        Files.deleteIfExists(file);
    }

    void deleteIfEmpty(Path folder) throws IOException {
        probe.before("delete");
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // That is what the name says: other names live there.
        }
    }

    private static boolean isWindows(Path path) {
        return path.getFileSystem().getSeparator().equals("\\");
    }
}
