package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Repository;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server in a process of its own, watched by another one.
class ServeTest {
    private static final Pattern ADDRESS = Pattern.compile("Serving at (http://[^;]+);");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private Path folder;

    @Test
    void aServerThatIsKilledComesBackAndOneThatIsToldToEndEnds()
            throws IOException, InterruptedException {
        Path err = folder.resolve("err");
        Process supervisor = start(err);
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(health(client, address(err, 1))).isEqualTo("ok\n");
            ProcessHandle worker = supervisor.children().findFirst().orElseThrow();
            worker.destroyForcibly();
            assertThat(health(client, address(err, 2))).isEqualTo("ok\n");
            ProcessHandle second = supervisor.children().findFirst().orElseThrow();
            assertThat(second.pid()).isNotEqualTo(worker.pid());
            supervisor.destroy();
            assertThat(supervisor.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(supervisor.exitValue()).isZero();
            assertThat(second.isAlive()).isFalse();
        } finally {
            supervisor.descendants().forEach(ProcessHandle::destroyForcibly);
            supervisor.destroyForcibly().waitFor();
        }
        assertThat(Files.readString(err))
                .contains("the server died with exit code 137", "info ending", "info ended");
    }

    /// What was started lives no longer than who started it.
    @Test
    void aServerWithoutItsSupervisorEnds() throws IOException, InterruptedException {
        Path err = folder.resolve("err");
        Process supervisor = start(err);
        address(err, 1);
        ProcessHandle worker = supervisor.children().findFirst().orElseThrow();
        supervisor.destroyForcibly().waitFor();
        worker.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        assertThat(Files.readString(err)).contains("info ended");
    }

    private Process start(Path err) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Program.java());
        command.addAll(
                List.of(
                        "--enable-native-access=autark.chip",
                        "-p",
                        Program.MODULES.toString(),
                        "-m",
                        "autark.cli/autark.cli.Autark",
                        "serve",
                        "--lazy",
                        "--port=0",
                        "--supervise"));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(Repository.root().toFile())
                        .redirectError(err.toFile());
        builder.environment().put("HOME", folder.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("XDG_"));
        return builder.start();
    }

    /// Where the server is that was started as the so-manieth.
    private static String address(Path err, int number) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            List<MatchResult> found = ADDRESS.matcher(Files.readString(err)).results().toList();
            if (found.size() >= number) {
                return found.get(number - 1).group(1);
            }
            Thread.sleep(20);
        }
        throw new AssertionError("found no server; standard error:\n" + Files.readString(err));
    }

    private static String health(HttpClient client, String address)
            throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(URI.create(address + "/healthz")).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
