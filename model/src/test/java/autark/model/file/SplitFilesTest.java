package autark.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SplitFilesTest {
    @TempDir Path folder;

    private static GgufImage part(int index, int count) {
        GgufImage image = new GgufImage();
        image.put("split.no", GgufImage.UINT16, index);
        image.put("split.count", GgufImage.UINT16, count);
        image.put("split.tensors.count", GgufImage.INT32, count);
        image.tensor("tensor" + index, 8);
        image.tensors.getFirst().data()[0] = (byte) (index + 1);
        return image;
    }

    private Path write(GgufImage image, int index, int count) {
        String name = "model-%05d-of-%05d.gguf".formatted(index + 1, count);
        return image.writeTo(folder.resolve(name));
    }

    private Path writeAll() {
        for (int index = 2; index >= 0; index--) {
            write(part(index, 3), index, 3);
        }
        return folder.resolve("model-00001-of-00003.gguf");
    }

    private AbstractThrowableAssert<?, ?> refused(Path path) {
        return assertThatThrownBy(() -> Gguf.open(path)).isInstanceOf(ModelFormatException.class);
    }

    @Test
    void findsTensorsInAllParts() {
        Path first = writeAll();
        try (Gguf file = Gguf.open(first)) {
            assertThat(file.path()).isEqualTo(first);
            assertThat(file.tensors())
                    .extracting(TensorInfo::name)
                    .containsExactly("tensor0", "tensor1", "tensor2");
            for (TensorInfo tensor : file.tensors()) {
                int expected = file.tensors().indexOf(tensor) + 1;
                assertThat(file.data(tensor).get(ValueLayout.JAVA_BYTE, 0))
                        .isEqualTo((byte) expected);
            }
            assertThat(file.fileBytes()).isEqualTo(3L * part(0, 3).bytes().length);
            assertThat(file.headerBytes()).isBetween(300L, file.fileBytes() - 96);
        }
    }

    @Test
    void opensByARelativePath() {
        Path relative = Path.of("").toAbsolutePath().relativize(writeAll().toAbsolutePath());
        try (Gguf file = Gguf.open(relative)) {
            assertThat(file.tensors()).hasSize(3);
        }
    }

    @Test
    void opensASplitOfOne() {
        try (Gguf file = Gguf.open(part(0, 1).writeTo(folder.resolve("any name")))) {
            assertThat(file.tensors()).hasSize(1);
        }
    }

    @Test
    void namesTheMissingPart() throws IOException {
        Path first = writeAll();
        Files.delete(folder.resolve("model-00003-of-00003.gguf"));
        refused(first).hasMessageContaining("model-00003-of-00003.gguf: found no file");
    }

    @Test
    void namesTheFirstPartIfAnotherIsOpened() {
        writeAll();
        refused(folder.resolve("model-00002-of-00003.gguf"))
                .hasMessageContaining("open the first part")
                .hasMessageContaining("model-00001-of-00003.gguf");
    }

    @Test
    void refusesANameThatDoesNotFit() {
        refused(part(0, 3).writeTo(folder.resolve("renamed.gguf")))
                .hasMessageContaining("NAME-00001-of-00003.gguf");
    }

    @Test
    void refusesAPartInThePlaceOfAnother() {
        Path first = writeAll();
        write(part(1, 3), 2, 3);
        refused(first)
                .hasMessageContaining("model-00003-of-00003.gguf")
                .hasMessageContaining("split.no");
    }

    @Test
    void refusesAPartOfAnotherSplit() {
        Path first = writeAll();
        write(part(1, 4), 1, 3);
        refused(first)
                .hasMessageContaining("model-00002-of-00003.gguf")
                .hasMessageContaining("split.count");
    }

    @Test
    void refusesAPartThatIsNoPart() {
        Path first = writeAll();
        write(new GgufImage().tensor("tensor1", 8), 1, 3);
        refused(first).hasMessageContaining("found no key split.count");
    }

    @Test
    void refusesATensorInTwoParts() {
        Path first = writeAll();
        GgufImage second = part(1, 3);
        second.tensors.clear();
        write(second.tensor("tensor0", 8), 1, 3);
        refused(first).hasMessageContaining("tensor0").hasMessageContaining("model-00002");
    }

    @Test
    void refusesATensorCountThatIsNotThatOfAllParts() {
        Path first = writeAll();
        write(part(1, 3).tensor("more", 8), 1, 3);
        refused(first).hasMessageContaining("split.tensors.count").hasMessageContaining("4 as in");
    }

    @Test
    void refusesADamagedPartByItsName() throws IOException {
        Path first = writeAll();
        Files.writeString(folder.resolve("model-00002-of-00003.gguf"), "<html>");
        refused(first).hasMessageContaining("model-00002").hasMessageContaining("web page");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_025, 65_535})
    void refusesPartCountsOutOfRange(int count) {
        refused(part(0, count).writeTo(folder.resolve("model.gguf")))
                .hasMessageContaining("split.count")
                .hasMessageContaining("1 to 1024");
    }
}
