package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Markdown;
import autark.checks.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Java program in the README is a program.
class ReadmeProgramTest {
    @Test
    void itHasTenLinesCompilesAndAnswers(@TempDir Path folder) throws IOException {
        List<String> programs =
                new Markdown(Repository.read(Repository.root().resolve("README.md"))).code("java");
        assertThat(programs).hasSize(1);
        assertThat(programs.getFirst().lines()).hasSizeLessThanOrEqualTo(10);

        Path source = Files.writeString(folder.resolve("Ask.java"), programs.getFirst());
        Program.Result result =
                new Program(
                                folder,
                                List.of(
                                        Program.java(),
                                        "-cp",
                                        Program.MODULES + "/*",
                                        source.toString(),
                                        DefaultModel.file().toString()),
                                Map.of(),
                                new byte[0])
                        .run()
                        .mustSucceed();

        assertThat(result.text()).contains("Paris");
    }
}
