package autark.engine.disk;

import autark.engine.seal.OwnerFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where each file of the store lies, and every operation by which the store uses the disk. A probe
/// is asked before each one, so that tests can let any of them fail.
///
/// ```
/// <tenant>/key                       the tenant's key, wrapped by the root key
/// <tenant>/<block>.block             a sealed block, complete
/// <tenant>/<name>.<unique>.part      a file that is being written
/// ```
///
/// `<tenant>` and `<block>` are HMACs: 64 hexadecimal digits. Other files are left alone.
final class BlockFiles {
    /// Most names that are looked at in one folder; what lies beyond is not seen.
    static final int LISTED_MAX = 1 << 18;

    private static final Pattern FOLDER = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern BLOCK = Pattern.compile("[0-9a-f]{64}\\.block");
    private static final Pattern TEMPORARY =
            Pattern.compile("(?:[0-9a-f]{64}\\.block|key)\\.[0-9a-f]{16}\\.part");

    /// Asked before each operation; what it throws is what the operation throws.
    interface Probe {
        void before(String operation) throws IOException;
    }

    private final Path root;
    private final Probe probe;

    BlockFiles(Path root, Probe probe) {
        this.root = root;
        this.probe = probe;
    }

    Path root() {
        return root;
    }

    Path folder(String folder) {
        return root.resolve(folder);
    }

    Path key(String folder) {
        return folder(folder).resolve("key");
    }

    Path block(String folder, String block) {
        return folder(folder).resolve(block + ".block");
    }

    Path temporary(String folder, String block, String unique) {
        return folder(folder).resolve(block + ".block." + unique + ".part");
    }

    static boolean isBlock(String name) {
        return BLOCK.matcher(name).matches();
    }

    static boolean isTemporary(String name) {
        return TEMPORARY.matcher(name).matches();
    }

    static String blockOf(String name) {
        return name.substring(0, name.length() - ".block".length());
    }

    void createRoot() throws IOException {
        probe.before("create folder");
        Files.createDirectories(root, OwnerFile.folderAttributes(root));
    }

    void createFolder(String folder) throws IOException {
        probe.before("create folder");
        Files.createDirectories(folder(folder), OwnerFile.folderAttributes(root));
    }

    /// The tenants' folders.
    List<String> folders() throws IOException {
        return names(root).stream().filter(name -> FOLDER.matcher(name).matches()).toList();
    }

    /// The names of the files of a folder, of any kind; none if the folder is gone.
    List<String> files(String folder) throws IOException {
        try {
            return names(folder(folder));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    BasicFileAttributes attributes(Path path) throws IOException {
        probe.before("attributes");
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    FileChannel open(Path file) throws IOException {
        probe.before("open");
        return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    long size(FileChannel file) throws IOException {
        probe.before("size");
        return file.size();
    }

    /// Fills the first bytes of `target`.
    ///
    /// @return whether the file had as many
    boolean read(FileChannel file, byte[] target, int count) throws IOException {
        probe.before("read");
        ByteBuffer bytes = ByteBuffer.wrap(target, 0, count);
        while (bytes.hasRemaining()) {
            if (file.read(bytes) < 0) {
                return false;
            }
        }
        return true;
    }

    FileChannel create(Path file) throws IOException {
        probe.before("create");
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                OwnerFile.fileAttributes(root));
    }

    void write(FileChannel file, byte[] source, int count) throws IOException {
        probe.before("write");
        ByteBuffer bytes = ByteBuffer.wrap(source, 0, count);
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    /// Whoever looks sees the old file or the new one. It is not flushed: after a power failure the
    /// new file may hold anything, and does not open then.
    void rename(Path from, Path to) throws IOException {
        probe.before("rename");
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    void delete(Path file) throws IOException {
        probe.before("delete");
        Files.deleteIfExists(file);
    }

    /// Deletes a folder unless other people's files are in it.
    void deleteFolder(String folder) throws IOException {
        probe.before("delete");
        try {
            Files.deleteIfExists(folder(folder));
        } catch (DirectoryNotEmptyException e) {
            // Other people's files are left alone.
        }
    }

    /// Deletes a key after writing over it, as far as the medium lets us.
    void destroy(Path key) throws IOException {
        probe.before("destroy");
        try (FileChannel file =
                FileChannel.open(key, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            file.write(ByteBuffer.allocate((int) Math.min(file.size(), 1 << 10)));
            file.force(true);
        } catch (NoSuchFileException e) {
            return;
        }
        Files.deleteIfExists(key);
    }

    void touch(Path file, long millis) throws IOException {
        probe.before("touch");
        Files.setLastModifiedTime(file, FileTime.fromMillis(millis));
    }

    byte[] readKey(String folder, int bytesMax) throws IOException {
        probe.before("read key");
        return OwnerFile.read(key(folder), bytesMax);
    }

    void createKey(String folder, byte[] wrapped, String unique) throws IOException {
        probe.before("create key");
        OwnerFile.createOnce(key(folder), wrapped, unique, OwnerFile.Flush.NO);
    }

    private List<String> names(Path folder) throws IOException {
        probe.before("list");
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.limit(LISTED_MAX).forEach(file -> names.add(file.getFileName().toString()));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return names;
    }
}
