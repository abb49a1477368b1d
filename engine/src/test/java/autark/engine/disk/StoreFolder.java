package autark.engine.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A folder for stores, with its key file, and what tests do to it behind the stores' back.
record StoreFolder(Path root, Path keyFile, TestClock clock) {
    static final long CAP_BYTES = 64 << 20;

    StoreFolder(Path root) {
        this(root, root.resolve("keys").resolve("root.key"), new TestClock());
    }

    /// Another folder with the same key file.
    StoreFolder beside(String name) {
        return new StoreFolder(root.resolve(name), keyFile, clock);
    }

    Path blocks() {
        return root.resolve("blocks");
    }

    BlockStore open() {
        return open(CAP_BYTES);
    }

    BlockStore open(long capBytes) {
        return BlockStore.open(blocks(), keyFile(), capBytes, clock);
    }

    BlockStore open(BlockFiles.Probe probe, System.Logger log) {
        BlockFiles files = new BlockFiles(blocks(), probe);
        return BlockStore.open(
                new BlockStore.Surroundings(files, CAP_BYTES, clock, log), keyFile());
    }

    /// All files below the folder of blocks.
    List<Path> files() {
        try (Stream<Path> all = Files.walk(blocks())) {
            return all.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Path> blockFiles() {
        return files().stream().filter(file -> file.toString().endsWith(".block")).toList();
    }

    /// The only block.
    Path blockFile() {
        List<Path> files = blockFiles();
        if (files.size() != 1) {
            throw new AssertionError("found " + files);
        }
        return files.getFirst();
    }
}
