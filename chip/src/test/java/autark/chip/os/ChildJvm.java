package autark.chip.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A test's own Java process, for what would end or change the process of the tests.
///
/// @param output standard output and error
public record ChildJvm(int exitCode, String output) {
    /// Runs `main` with options of the Java virtual machine and waits for its end.
    public static ChildJvm run(Class<?> main, String... options)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("autark-child");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.add("-XX:-CreateCoredumpOnCrash");
        command.add("-XX:ErrorFile=" + folder.resolve("error.log"));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-cp");
        command.add(
                String.join(
                        System.getProperty("path.separator"),
                        "target/classes",
                        "target/test-classes"));
        command.add(main.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new ChildJvm(process.waitFor(), output);
    }
}
