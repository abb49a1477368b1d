package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The one jar with everything inside.
class JarTest {
    private static final Path JAR = Repository.root().resolve("cli/target/autark.jar");

    @Test
    void itAnswersWithoutWarnings(@TempDir Path elsewhere) {
        Program.Result result =
                new Program(
                                elsewhere,
                                List.of(
                                        Program.java(),
                                        "-jar",
                                        JAR.toString(),
                                        "run",
                                        "--model",
                                        DefaultModel.file().toString(),
                                        "--temperature",
                                        "0",
                                        "--max-tokens",
                                        "16",
                                        "What is the capital of France?"),
                                Map.of(),
                                new byte[0])
                        .run()
                        .mustSucceed();

        assertThat(result.text()).contains("Paris");
        assertThat(result.error()).isEmpty();
    }

    @Test
    void itCarriesLicenceNoticesAndBillOfMaterials() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.stream().map(Object::toString))
                    .contains("META-INF/sbom/bom.json", "META-INF/LICENSE")
                    .doesNotContain("module-info.class");
        }
    }
}
