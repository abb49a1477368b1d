package autark.checks.program;

import autark.checks.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs the program as a process of its own, as the launcher starts it, and waits for its end.
record Program(
        Path directory, List<String> command, Map<String, String> environment, byte[] input) {
    private static final int TIMEOUT_MINUTES = 10;
    static final Path MODULES = Repository.root().resolve("cli/target/modules");

    /// @param output standard output
    /// @param error standard error
    record Result(int exitCode, byte[] output, String error) {
        String text() {
            return new String(output, StandardCharsets.UTF_8);
        }

        Result mustSucceed() {
            if (exitCode != 0) {
                throw new AssertionError(
                        "found exit code %d, expected 0; standard error:%n%s"
                                .formatted(exitCode, error));
            }
            return this;
        }
    }

    /// The program with these arguments, no input, and the environment of the tests.
    static Program of(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(
                List.of("--enable-native-access=autark.chip", "-p", MODULES.toString(), "-m"));
        command.add("autark.cli/autark.cli.Autark");
        command.addAll(List.of(arguments));
        return new Program(Repository.root(), command, Map.of(), new byte[0]);
    }

    static Result run(String... arguments) {
        return of(arguments).run();
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    Program withInput(String text) {
        return new Program(directory, command, environment, text.getBytes(StandardCharsets.UTF_8));
    }

    Result run() {
        try {
            return start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " ran", e);
        }
    }

    /// Streams go through files, so that no pipe can fill up.
    private Result start() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("autark-program");
        Path in = Files.write(folder.resolve("in"), input);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().putAll(environment);
        Process process =
                builder.redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        try {
            if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
                throw new AssertionError(
                        "%s did not end within %d minutes".formatted(command, TIMEOUT_MINUTES));
            }
            return new Result(process.exitValue(), Files.readAllBytes(out), Files.readString(err));
        } finally {
            process.destroyForcibly().waitFor();
            for (Path file : List.of(in, out, err, folder)) {
                Files.delete(file);
            }
        }
    }
}
