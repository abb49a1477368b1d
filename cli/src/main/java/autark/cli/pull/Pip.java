package autark.cli.pull;

import java.io.File;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// The machine's own Python package installer, used for downloads alone.
///
/// @param environment the variables of the process, of which `PATH` finds the programs
/// @param stallLimit how long it may write nothing
record Pip(Map<String, String> environment, Duration stallLimit) {
    static final Duration STALL_LIMIT = Duration.ofMinutes(2);

    private static final List<List<String>> PROGRAMS =
            List.of(
                    List.of("python3", "-m", "pip"),
                    List.of("pip3"),
                    List.of("pip"),
                    List.of("python", "-m", "pip"));
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int OUTPUT_BYTES_LIMIT = 1 << 16;
    private static final String OUTPUT = "output.txt";
    private static final String NO_PIP = "No module named pip";
    private static final String RETRY = "WARNING: Retrying";
    private static final File NO_INPUT = new File("/dev/null");
    private static final int REASON_CHARACTER_LIMIT = 300;

    /// Downloads a wheel into a temporary folder that lives as long as `use` runs.
    ///
    /// @param expectedBytes about how large the wheel is, for the progress
    /// @throws PullException if there is no pip, or it failed; its own error is in the message
    void download(
            PythonWheel wheel, long expectedBytes, PullListener listener, Consumer<Path> use) {
        try (TemporaryFolder temporary = TemporaryFolder.create(temporaryFolder())) {
            Path folder = temporary.path();
            Files.createDirectories(destination(folder));
            run(wheel, folder, bytes -> listener.progress(bytes, expectedBytes));
            use.accept(wheelIn(destination(folder)));
        } catch (IOException e) {
            throw new PullException("pip: " + e.getMessage(), e);
        }
    }

    /// Runs the first pip that there is.
    private void run(PythonWheel wheel, Path folder, LongConsumer progress) throws IOException {
        for (List<String> program : PROGRAMS) {
            Optional<Path> executable = executable(program.getFirst());
            if (executable.isEmpty()) {
                continue;
            }
            List<String> command = new ArrayList<>(program);
            command.set(0, executable.get().toString());
            command.addAll(arguments(wheel, destination(folder)));
            int exitCode = await(start(command, folder), folder, progress);
            String output = tail(folder.resolve(OUTPUT));
            if (exitCode == 0) {
                return;
            }
            if (!output.contains(NO_PIP)) {
                throw new PullException(
                        "%s failed: %s".formatted(String.join(" ", program), reason(output)));
            }
        }
        throw new PullException("this machine has no pip (python3 -m pip, pip3, pip)");
    }

    private static List<String> arguments(PythonWheel wheel, Path destination) {
        return List.of(
                "download",
                "--no-deps",
                "--only-binary",
                ":all:",
                "--no-input",
                "--disable-pip-version-check",
                "--progress-bar",
                "off",
                "--retries",
                "1",
                "--dest",
                destination.toString(),
                wheel.project() + "==" + wheel.version());
    }

    private Process start(List<String> command, Path folder) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        // pip downloads to its temporary folder first: there the progress is seen.
        builder.environment().put("TMPDIR", folder.toString());
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve(OUTPUT).toFile())
                .redirectInput(ProcessBuilder.Redirect.from(NO_INPUT))
                .start();
    }

    private int await(Process process, Path folder, LongConsumer progress) throws IOException {
        try {
            long bytes = -1;
            long grewAt = System.nanoTime();
            while (!process.waitFor(POLL)) {
                long bytesBefore = bytes;
                bytes = size(folder);
                if (bytes != bytesBefore) {
                    grewAt = System.nanoTime();
                    progress.accept(bytes);
                } else if (System.nanoTime() - grewAt > stallLimit.toNanos()) {
                    throw new PullException(
                            "pip wrote nothing for %d s".formatted(stallLimit.toSeconds()));
                }
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PullException("interrupted", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Optional<Path> executable(String program) {
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private static Path wheelIn(Path destination) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(destination, "*.whl")) {
            for (Path file : files) {
                return file;
            }
        }
        throw new PullException("pip gave no wheel");
    }

    /// The error that pip ends with, in one line.
    static String reason(String output) {
        List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
        String last =
                lines.reversed().stream()
                        .filter(line -> line.startsWith("ERROR:"))
                        .findFirst()
                        .orElse(lines.isEmpty() ? "no message" : lines.getLast());
        String shown = last.replaceAll("\\p{Cntrl}", " ");
        String cut = shown.substring(0, Math.min(shown.length(), REASON_CHARACTER_LIMIT));
        return output.contains(RETRY) ? cut + " (pip could not reach its index)" : cut;
    }

    private static String tail(Path output) throws IOException {
        try (FileChannel channel = FileChannel.open(output)) {
            channel.position(Math.max(0, channel.size() - OUTPUT_BYTES_LIMIT));
            byte[] bytes = Channels.newInputStream(channel).readNBytes(OUTPUT_BYTES_LIMIT);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static long size(Path folder) throws IOException {
        long[] bytes = {0};
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        bytes[0] += attributes.size();
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure) {
                        return FileVisitResult.CONTINUE; // pip deleted it just now
                    }
                });
        return bytes[0];
    }

    private Path temporaryFolder() {
        return Path.of(
                environment.getOrDefault("TMPDIR", System.getProperty("java.io.tmpdir", "/tmp")));
    }

    private static Path destination(Path folder) {
        return folder.resolve("wheel");
    }
}
