package autark.bench.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// `autark serve` as a process of its own, on a free port of this machine.
final class Served implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");
    private static final long END_SECONDS_MAX = 20;
    private static final double TICKS_A_SECOND = 100;

    private final Process process;
    private final InetSocketAddress address;
    private final Duration start;

    private Served(Process process, InetSocketAddress address, Duration start) {
        this.process = process;
        this.address = address;
        this.start = start;
    }

    /// Starts the program at the root of the tree and waits until it takes requests.
    ///
    /// @param data where it keeps what it keeps
    static Served start(Path root, Path data, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(root.resolve("autark").toString(), "serve", "--port", "0"));
        command.addAll(arguments);
        Path log = data.resolve("serve.log");
        Files.deleteIfExists(log);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().put("AUTARK_DATA", data.toString());
        long begin = System.nanoTime();
        Process process = builder.start();
        while (Duration.ofNanos(System.nanoTime() - begin).compareTo(START_MAX) < 0) {
            String text = Files.exists(log) ? Files.readString(log) : "";
            Matcher found = ADDRESS.matcher(text);
            if (found.find()) {
                InetSocketAddress address =
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), Integer.parseInt(found.group(1)));
                if (Wire.get(address, "/readyz").status() == Wire.OK) {
                    Duration took = Duration.ofNanos(System.nanoTime() - begin);
                    return new Served(process, address, took);
                }
            }
            if (process.waitFor(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the server ended: " + text);
            }
        }
        process.destroyForcibly();
        throw new IOException("the server did not start: " + Files.readString(log));
    }

    InetSocketAddress address() {
        return address;
    }

    /// From the start of the process to its readiness.
    Duration startTime() {
        return start;
    }

    /// Resident memory.
    long residentBytes() throws IOException {
        for (String line : Files.readAllLines(proc().resolve("status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("found no VmRSS, expected a running process");
    }

    /// Processor time of the threads whose names begin so.
    double seconds(String... names) throws IOException {
        double seconds = 0;
        try (Stream<Path> tasks = Files.list(proc().resolve("task"))) {
            for (Path task : tasks.toList()) {
                String name = Files.readString(task.resolve("comm"), StandardCharsets.UTF_8);
                if (Stream.of(names).anyMatch(name::startsWith)) {
                    String stat = Files.readString(task.resolve("stat"), StandardCharsets.UTF_8);
                    List<String> fields =
                            List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
                    long ticks = Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12));
                    seconds += ticks / TICKS_A_SECOND;
                }
            }
        }
        return seconds;
    }

    private Path proc() {
        return Path.of("/proc", Long.toString(process.pid()));
    }

    /// Ends it as a crash would: with SIGKILL.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
