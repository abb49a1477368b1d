package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The one jar with everything inside.
class JarTest {
    private static final Path JAR = Repository.root().resolve("cli/target/autark.jar");

    private static final List<String> RUN =
            List.of("run", "--seed", "0", "--max-tokens", "8", "What is the capital of France?");

    @Test
    void itAnswersAsTheModulesDo(@TempDir Path elsewhere) {
        List<String> command = new ArrayList<>(List.of(Program.java(), "-jar", JAR.toString()));
        command.addAll(RUN);
        Program.Result jar =
                new Program(elsewhere, command, Map.of(), new byte[0]).run().mustSucceed();
        Program.Result modules = Program.run(RUN.toArray(String[]::new)).mustSucceed();

        assertThat(jar.text()).isNotBlank().isEqualTo(modules.text());
        assertThat(jar.error()).isEqualTo(modules.error()).doesNotContain("WARNING");
    }

    @Test
    void itCarriesLicenceNoticesAndBillOfMaterials() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.stream().map(Object::toString))
                    .as("what a build that is not offline puts inside")
                    .contains("META-INF/sbom/bom.json", "META-INF/LICENSE")
                    .doesNotContain("module-info.class");
        }
    }
}
