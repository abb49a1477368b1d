package autark.engine.seal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/// Small files and folders that nobody but their owner may read.
public final class OwnerFile {
    private static final Set<PosixFilePermission> OWNER_READS_AND_WRITES =
            PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ENTERS =
            PosixFilePermissions.fromString("rwx------");

    /// Whether a file must be on the medium before anybody can see it.
    public enum Flush {
        /// After a power failure the file is whole.
        YES,
        /// After a power failure the file may hold anything.
        NO
    }

    private OwnerFile() {}

    /// What a new file beside this path is created with: mode 0600, where the system knows modes.
    public static FileAttribute<?>[] fileAttributes(Path path) {
        return attributes(path, OWNER_READS_AND_WRITES);
    }

    /// What a new folder beside this path is created with: mode 0700, where the system knows modes.
    public static FileAttribute<?>[] folderAttributes(Path path) {
        return attributes(path, OWNER_ENTERS);
    }

    /// All bytes of a file, or one more than `bytesMax` of them. A symbolic link is refused.
    public static byte[] read(Path file, int bytesMax) throws IOException {
        try (SeekableByteChannel channel =
                Files.newByteChannel(
                        file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            ByteBuffer bytes = ByteBuffer.allocate(bytesMax + 1);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // until the end of the file, or more than there should be
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
        }
    }

    /// Creates a file with these bytes, unless there is one: whoever reads it sees all bytes of the
    /// one that came first, whatever other processes do.
    ///
    /// @param unique text that no other process uses
    public static void createOnce(Path file, byte[] content, String unique, Flush flush)
            throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + "." + unique + ".part");
        try (FileChannel channel =
                FileChannel.open(
                        temporary,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        fileAttributes(file))) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (flush == Flush.YES) {
                channel.force(true);
            }
        }
        try {
            link(temporary, file);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /// Whether anybody but the owner may read or write this.
    static boolean isOpenToOthers(Path file) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view != null
                && !OWNER_READS_AND_WRITES.containsAll(view.readAttributes().permissions());
    }

    /// A link is made at once or not at all, and never over a file that is there. Where the file
    /// system has no links, two first starts at the same moment may each believe in their own file.
    private static void link(Path temporary, Path file) throws IOException {
        try {
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            // Another process was first, and its file counts.
        } catch (IOException | UnsupportedOperationException e) {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
