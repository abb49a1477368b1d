package autark.cli.pull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A folder that is gone when the work in it ends, also if the user breaks it off.
final class TemporaryFolder implements AutoCloseable {
    private final Path path;
    private final Thread onInterrupt = new Thread(this::breakOff);

    private TemporaryFolder(Path path) {
        this.path = path;
    }

    /// Creates the folder inside another one.
    static TemporaryFolder create(Path parent) throws IOException {
        TemporaryFolder folder = new TemporaryFolder(Files.createTempDirectory(parent, "autark-"));
        Runtime.getRuntime().addShutdownHook(folder.onInterrupt);
        return folder;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        Runtime.getRuntime().removeShutdownHook(onInterrupt);
        delete();
    }

    /// The processes that work in the folder are ended first; else they would go on without us.
    private void breakOff() {
        try {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            delete();
        } catch (IOException | UncheckedIOException e) {
            // The program is ending: nobody is left to be told.
        }
    }

    private void delete() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(path)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.deleteIfExists(file);
        }
    }
}
