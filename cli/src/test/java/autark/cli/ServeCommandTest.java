package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import autark.server.config.Configuration;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServeCommandTest {
    @TempDir private Path folder;
    private String model;

    @BeforeEach
    void writeModel() throws IOException {
        model = Files.write(folder.resolve("Tiny-F32.gguf"), BigramModel.saying("Hi.")).toString();
    }

    private Map<String, String> environment(String... more) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", folder.toString());
        environment.put("XDG_CONFIG_HOME", folder.resolve("config").toString());
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }

    @Test
    void theCheckTellsEachSettingAndItsSource() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("server.toml"),
                        """
                        [models]
                        parallel = 4
                        [models.alias]
                        gpt = "tiny:f32"
                        """);
        CommandRun run =
                CommandRun.of(
                        environment("AUTARK_KEEP_ALIVE", "1h", "OLLAMA_VULKAN", "1"),
                        "serve",
                        "--check",
                        "--port=0",
                        "-m",
                        model,
                        "--config",
                        file.toString());
        assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "server.port 0 --port",
                        "server.host 127.0.0.1 default",
                        "models.parallel 4 " + file,
                        "models.keep_alive 1h AUTARK_KEEP_ALIVE",
                        "server.tls_key - default",
                        "ok models.default: tiny:f32",
                        "ok models.alias: gpt",
                        "ok server: address, port, names, certificate")
                .anyMatch(line -> line.startsWith("note OLLAMA_VULKAN is not honoured"));
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void theCheckTellsAllThatIsBad() throws IOException {
        Files.writeString(folder.resolve("broken.gguf"), "no model");
        Path file =
                Files.writeString(
                        folder.resolve("server.toml"),
                        """
                        [models.alias]
                        gpt = "nobody"
                        [models.file]
                        broken = "%s"
                        absent = "%s"
                        """
                                .formatted(
                                        folder.resolve("broken.gguf"),
                                        folder.resolve("absent.gguf")));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CommandRun run =
                    CommandRun.of(
                            environment(),
                            "serve",
                            "--check",
                            "--port=" + taken.getLocalPort(),
                            "--config=" + file);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out().lines().filter(line -> line.startsWith("bad ")))
                    .hasSize(5)
                    .anyMatch(line -> line.contains("cannot listen on"))
                    .anyMatch(line -> line.contains("autark pull smollm2:135m"))
                    .anyMatch(line -> line.contains("models.alias: gpt: no model gpt here"))
                    .anyMatch(line -> line.contains("models.file: absent: "))
                    .anyMatch(line -> line.contains("models.file: broken: "));
        }
    }

    @Test
    void aModelThatIsTooLargeIsSeen() {
        CommandRun run =
                CommandRun.of(
                        environment(),
                        "serve",
                        "--check",
                        "--port=0",
                        "--memory=10kB",
                        "-m",
                        model);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).containsPattern("bad .*needs .* of memory, found 10.0 kB");
    }

    @Test
    void settingsThatMakeNoSenseAreWrongUsage() {
        CommandRun run = CommandRun.of(environment("AUTARK_PROT", "1"), "serve", "--port=x");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("--port: found \"x\", expected a whole number from 0 to 65535")
                .contains("unknown variable AUTARK_PROT");
        CommandRun check = CommandRun.of(environment("AUTARK_PROT", "1"), "serve", "--check");
        assertThat(check.exitCode()).isEqualTo(1);
        CommandRun half = CommandRun.of(environment(), "serve", "--tls-key=k", "-m", model);
        assertThat(half.err()).contains("server.tls_certificate and server.tls_key go together");
    }

    @Test
    void anAbsentModelIsToldHowToBeGot() {
        CommandRun run = CommandRun.of(environment(), "serve", "--port=0");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("no model smollm2:135m here")
                .contains("autark pull smollm2:135m")
                .contains("autark serve --lazy");
    }

    @Test
    void theNetworkIsNotLetInWithoutKeysNorInTheClear() {
        String[] serve = {"serve", "--host=0.0.0.0", "--port=0", "-m", model};
        CommandRun open = CommandRun.of(environment(), serve);
        assertThat(open.exitCode()).isEqualTo(1);
        assertThat(open.err()).contains("there is no key yet", "autark keys create NAME");
        CommandRun check =
                CommandRun.of(environment(), "serve", "--check", "--host=0.0.0.0", "-m", model);
        assertThat(check.out()).containsPattern("bad +keys: .*there is no key yet");
        assertThat(CommandRun.of(environment(), "keys", "create", "ann").exitCode()).isZero();
        CommandRun clear = CommandRun.of(environment(), serve);
        assertThat(clear.exitCode()).isEqualTo(1);
        assertThat(clear.err()).contains("can be reached from other machines", "in the clear");
    }

    @Test
    void itServesUntilItIsTold() throws IOException, InterruptedException {
        Notes notes = new Notes();
        Configuration settings =
                Configuration.of(
                        Map.of("--port", "0", "--model", model), environment(), Optional.empty());
        PrintWriter err = new PrintWriter(notes, true);
        Serving serving =
                new Serving(
                        new ServePlan(settings, environment(), err::println),
                        err,
                        Serving.Until.TOLD);
        CompletableFuture<Integer> exitCode =
                CompletableFuture.supplyAsync(() -> run(serving), Thread::startVirtualThread);
        exitCode.exceptionally(failure -> {
            notes.address.completeExceptionally(failure);
            return 1;
        });
        String address = notes.address.join();
        try (HttpClient client = HttpClient.newHttpClient()) {
            String answer =
                    client.send(
                                    HttpRequest.newBuilder(
                                                    URI.create(address + "/v1/chat/completions"))
                                            .header("Content-Type", "application/json")
                                            .POST(
                                                    HttpRequest.BodyPublishers.ofString(
                                                            """
                                                            {"model": "TINY:f32", "messages":
                                                              [{"role": "user", "content": "x"}]}
                                                            """))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
            assertThat(answer).contains("\"content\":\"Hi.\"");
            String ready =
                    client.send(
                                    HttpRequest.newBuilder(URI.create(address + "/readyz")).build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
            assertThat(ready).isEqualTo("ok\n");
        }
        serving.end();
        assertThat(exitCode.join()).isZero();
        assertThat(notes.toString())
                .contains("info loaded tiny:f32", "status=200 model=tiny:f32", "curl " + address)
                .contains("info ending", "info unloaded tiny:f32", "info ended");
    }

    private static int run(Serving serving) {
        try {
            return serving.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /// Standard error, from which the address is read when it is told.
    private static final class Notes extends StringWriter {
        private static final Pattern ADDRESS = Pattern.compile("Serving at (http://[^;]+);");

        final CompletableFuture<String> address = new CompletableFuture<>();

        @Override
        public void write(String text, int offset, int length) {
            super.write(text, offset, length);
            Matcher found = ADDRESS.matcher(text);
            if (found.find()) {
                address.complete(found.group(1));
            }
        }
    }
}
