package autark.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Files that another program wrote. Selected where the folder of golden data lies beside the
/// project.
@EnabledIf("goldenFolderExists")
final class GoldenFilesTest {
    private static final Path GOLDEN = Path.of("../../shared/golden");

    static boolean goldenFolderExists() {
        return Files.isDirectory(GOLDEN);
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(GOLDEN)) {
            return files.filter(path -> path.toString().endsWith(".gguf"))
                    .filter(path -> !path.endsWith("tq2_0.gguf"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void opens(Path path) throws IOException {
        try (Gguf file = Gguf.open(path)) {
            assertThat(file.fileBytes()).isEqualTo(Files.size(path));
            assertThat(file.metadata().keys()).contains("general.architecture");
            long tensorBytes = file.tensors().stream().mapToLong(TensorInfo::bytes).sum();
            assertThat(file.headerBytes() + tensorBytes).isBetween(1L, file.fileBytes());
        }
    }

    @Test
    void refusesTheTypeThatIsNotSupported() {
        assertThatThrownBy(() -> Gguf.open(GOLDEN.resolve("quant/tq2_0.gguf")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("TQ2_0");
    }

    @ParameterizedTest
    @MethodSource("files")
    void isWrittenAgainByteForByte(Path path) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        assertThat(GgufImage.of(bytes).bytes()).isEqualTo(bytes);
    }
}
