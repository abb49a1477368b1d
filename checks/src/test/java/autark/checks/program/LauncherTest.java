package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
    void itBuildsOnceAndAnswers() {
        Program launcher =
                new Program(
                        copy,
                        List.of("./autark", "run", "--seed", "0", "--max-tokens", "8", QUESTION),
                        Map.of("JAVA_HOME", System.getProperty("java.home")),
                        new byte[0]);

        Program.Result first = launcher.run().mustSucceed();
        Program.Result second = launcher.run().mustSucceed();

        assertThat(first.text()).isNotBlank();
        assertThat(first.error()).contains("building");
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(second.error()).doesNotContain("building", "WARNING");
    }
}
