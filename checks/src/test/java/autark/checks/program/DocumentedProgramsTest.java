package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Markdown;
import autark.checks.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The Java programs in the documents are programs.
class DocumentedProgramsTest {
    private static final Path README = Repository.root().resolve("README.md");

    @TempDir private Path folder;

    static Stream<String> programsOfTheGuides() {
        return Repository.files(Repository.root().resolve("docs"), ".md").stream()
                .flatMap(file -> programsOf(file).stream());
    }

    @ParameterizedTest
    @MethodSource("programsOfTheGuides")
    void eachRuns(String program) throws IOException {
        assertThat(run(program).text()).isNotBlank();
    }

    @Test
    void theOneOfTheReadmeHasTenLinesAndAnswersAsTheProgramDoes() throws IOException {
        assertThat(programsOf(README)).hasSize(1);
        String program = programsOf(README).getFirst();

        assertThat(program.lines()).hasSizeLessThanOrEqualTo(10);
        assertThat(run(program).text() + "\n")
                .isEqualTo(
                        Program.run("run", "--seed", "0", "What is the capital of France?")
                                .mustSucceed()
                                .text());
    }

    private static List<String> programsOf(Path file) {
        return new Markdown(Repository.read(file)).code("java");
    }

    /// Compiles and runs a program with the default model as its argument.
    private Program.Result run(String program) throws IOException {
        Path source = Files.writeString(folder.resolve("Documented.java"), program);
        String classPath = Program.MODULES + "/*";
        List<String> command =
                List.of(
                        Program.java(),
                        "-cp",
                        classPath,
                        source.toString(),
                        DefaultModel.file().toString());
        // The program prints as its environment says; the launcher sets the same where it says
        // nothing.
        Map<String, String> environment = Map.of("LC_ALL", "C.UTF-8");
        return new Program(folder, command, environment, new byte[0]).run().mustSucceed();
    }
}
