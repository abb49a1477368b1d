package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The first command of the README on a fresh copy of the sources.
class LauncherTest {
    private static final String QUESTION = "What is the capital of France?";

    @TempDir private static Path copy;

    @BeforeAll
    static void copySources() throws IOException {
        DefaultModel.file();
        for (Path source : Repository.files(Repository.root(), "")) {
            Path target = copy.resolve(Repository.root().relativize(source).toString());
            Files.createDirectories(target.getParent());
            Files.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    @Test
    void itBuildsOnceAndAnswers() throws IOException {
        Program.Result first = launcher(Map.of()).run().mustSucceed();
        Program.Result second = launcher(Map.of()).run().mustSucceed();

        assertThat(first.text()).isNotBlank();
        assertThat(first.error()).contains("building");
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(second.error()).doesNotContain("building", "WARNING");
        itUsesTheCacheOfTheRehearsal();
        aDamagedCacheChangesNothingAndIsNotTalkedAbout(second);
        anotherJdkRehearsesAgain();
        plainJavaKernelsKeepTheOptimizingCompiler();
    }

    private static void itUsesTheCacheOfTheRehearsal() throws IOException {
        Path log = copy.resolve("target/classes.log");
        launcher(Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + log)).run().mustSucceed();

        assertThat(Files.readAllLines(log))
                .anyMatch(
                        line -> line.contains(" autark.engine.Engine source: shared objects file"));
    }

    private static void aDamagedCacheChangesNothingAndIsNotTalkedAbout(Program.Result whole)
            throws IOException {
        byte[] bytes = Files.readAllBytes(cache());
        for (int length : new int[] {0, 1000, bytes.length / 2}) {
            Files.write(cache(), Arrays.copyOf(bytes, length));
            Program.Result damaged = launcher(Map.of()).run().mustSucceed();
            assertThat(damaged.text()).isEqualTo(whole.text());
            assertThat(damaged.error()).isEqualTo(whole.error());
        }
    }

    private static void anotherJdkRehearsesAgain() throws IOException {
        Files.writeString(copy.resolve("target/launcher/rehearsed"), "another JDK");
        Files.delete(cache());
        Program.Result run = launcher(Map.of()).run().mustSucceed();

        assertThat(run.error()).doesNotContain("building");
        assertThat(cache()).isNotEmptyFile();
    }

    private static void plainJavaKernelsKeepTheOptimizingCompiler() throws IOException {
        Map<String, String> flags = Map.of("JAVA_TOOL_OPTIONS", "-XX:+PrintFlagsFinal");
        Path log = copy.resolve("target/launcher/rehearsal.log");
        for (String kernels : new String[] {"assembled kernels", "plain Java kernels"}) {
            Files.writeString(log, kernels + "\n");
            String levels = kernels.startsWith("assembled") ? "1" : "4";
            assertThat(launcher(flags).run().mustSucceed().text())
                    .as(kernels)
                    .containsPattern("TieredStopAtLevel += " + levels + "\\b");
        }
    }

    private static Path cache() {
        return copy.resolve("target/launcher/start.aot");
    }

    private static Program launcher(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        return new Program(
                copy,
                List.of("./autark", "run", "--seed", "0", "--max-tokens", "8", QUESTION),
                environment,
                new byte[0]);
    }
}
