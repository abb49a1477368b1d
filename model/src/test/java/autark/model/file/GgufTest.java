package autark.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.chip.quant.QuantType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GgufTest {
    @TempDir Path folder;

    private static GgufImage small() {
        return new GgufImage()
                .put("general.architecture", "llama")
                .put("llama.block_count", GgufImage.UINT32, 2)
                .tensor("token_embd.weight", 4, 3)
                .tensor("output_norm.weight", 5)
                .tensor("output.weight", 2, 3, 4, 5);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void opensBothVersions(int version) {
        GgufImage image = small();
        image.version = version;
        try (Gguf file = Gguf.open(image.writeTo(folder.resolve("small.gguf")))) {
            assertThat(file.version()).isEqualTo(version);
            assertThat(file.metadata().string("general.architecture")).isEqualTo("llama");
            assertThat(file.fileBytes()).isEqualTo(image.bytes().length);
            assertThat(file.tensors())
                    .extracting(TensorInfo::name)
                    .containsExactly("token_embd.weight", "output_norm.weight", "output.weight");
        }
    }

    @Test
    void tellsShapeSizeAndPlaceOfTensors() {
        GgufImage image = small();
        try (Gguf file = Gguf.open(image.writeTo(folder.resolve("small.gguf")))) {
            TensorInfo tensor = file.tensor("output.weight").orElseThrow();
            assertThat(tensor.type()).isEqualTo(QuantType.F32);
            assertThat(tensor.shape()).containsExactly(2L, 3L, 4L, 5L);
            assertThat(tensor.columns()).isEqualTo(2);
            assertThat(tensor.rows()).isEqualTo(60);
            assertThat(tensor.shapeText()).isEqualTo("2 x 3 x 4 x 5");
            assertThat(tensor.bytes()).isEqualTo(480);
            assertThat(tensor.offset()).isEqualTo(64 + 32);
            long dataOffset = file.fileBytes() - tensor.offset() - tensor.bytes();
            assertThat(file.headerBytes()).isBetween(dataOffset - 31, dataOffset);
            assertThat(file.tensor("absent")).isEmpty();
        }
    }

    @Test
    void givesTheDataOfATensor() {
        GgufImage image = small();
        byte[] data = new byte[20];
        new SplittableRandom(1).nextBytes(data);
        image.tensors.set(1, image.tensors.get(1).withData(data));
        try (Gguf file = Gguf.open(image.writeTo(folder.resolve("small.gguf")))) {
            MemorySegment found = file.data(file.tensor("output_norm.weight").orElseThrow());
            assertThat(found.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(data);
            assertThat(found.isReadOnly()).isTrue();
        }
    }

    @Test
    void refusesTheTensorOfAnotherFile() {
        try (Gguf file = Gguf.open(small().writeTo(folder.resolve("small.gguf")))) {
            TensorInfo foreign =
                    new TensorInfo("output.weight", QuantType.F32, List.of(1L << 40), 0, 1L << 42);
            assertThatThrownBy(() -> file.data(foreign))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("output.weight");
        }
    }

    @Test
    void opensTensorsThatLieInAnotherOrderThanListed() {
        GgufImage image = new GgufImage();
        byte[] first = {1, 0, 0, 0};
        byte[] second = {2, 0, 0, 0};
        image.tensors.add(
                new GgufImage.Tensor("b", GgufImage.F32, List.of(1L), first).withClaimedOffset(32));
        image.tensors.add(
                new GgufImage.Tensor("a", GgufImage.F32, List.of(1L), second).withClaimedOffset(0));
        try (Gguf file = Gguf.open(image.writeTo(folder.resolve("order.gguf")))) {
            MemorySegment data = file.data(file.tensor("b").orElseThrow());
            assertThat(data.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 2);
        }
    }

    @Test
    void opensAFileWhoseLastTensorIsNotPadded() throws IOException {
        GgufImage image = new GgufImage().tensor("a", 3);
        byte[] bytes = image.bytes();
        Path path = Files.write(folder.resolve("a.gguf"), Arrays.copyOf(bytes, bytes.length - 20));
        try (Gguf file = Gguf.open(path)) {
            assertThat(file.tensors()).hasSize(1);
        }
    }

    @Test
    void opensAFileWithoutTensors() {
        GgufImage image = new GgufImage().put("general.name", "vocabulary");
        try (Gguf file = Gguf.open(image.writeTo(folder.resolve("vocabulary.gguf")))) {
            assertThat(file.tensors()).isEmpty();
            assertThat(file.headerBytes()).isEqualTo(file.fileBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 64, 4096})
    void followsTheFilesAlignment(int alignment) {
        GgufImage image = small().put("general.alignment", GgufImage.UINT32, alignment);
        image.alignment = alignment;
        try (Gguf file = Gguf.open(image.writeTo(folder.resolve("aligned.gguf")))) {
            assertThat(file.tensors()).allMatch(tensor -> tensor.offset() % alignment == 0);
        }
    }

    @Test
    void saysThatAFileCutShortWhileOpenWasChanged() throws IOException {
        GgufImage image = new GgufImage().tensor("big", 1 << 20);
        Path path = image.writeTo(folder.resolve("cut.gguf"));
        try (Gguf file = Gguf.open(path)) {
            MemorySegment data = file.data(file.tensor("big").orElseThrow());
            try (RandomAccessFile writer = new RandomAccessFile(path.toFile(), "rw")) {
                writer.setLength(4096);
            }
            byte[] into = new byte[(int) data.byteSize()];
            assertThatThrownBy(() ->
                            Gguf.reading(
                                    path,
                                    () -> {
                                        MemorySegment.copy(
                                                data,
                                                ValueLayout.JAVA_BYTE,
                                                0,
                                                into,
                                                0,
                                                into.length);
                                        return into;
                                    }))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("changed or cut short");
        }
    }

    @Test
    void saysThatAHeaderCutShortWhileOpenWasChanged() throws IOException {
        GgufImage image = new GgufImage().put("text", "x".repeat(1 << 16));
        Path path = image.writeTo(folder.resolve("cut.gguf"));
        try (Gguf file = Gguf.open(path)) {
            try (RandomAccessFile writer = new RandomAccessFile(path.toFile(), "rw")) {
                writer.setLength(4096);
            }
            assertThatThrownBy(() -> file.metadata().string("text"))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("changed or cut short");
        }
    }

    @Test
    void saysThatAVocabularyWasChangedWhileOpen() throws IOException {
        GgufImage image = new GgufImage().put("words", List.of("one", "two")).put("end", "abcdef");
        Path path = image.writeTo(folder.resolve("words.gguf"));
        try (Gguf file = Gguf.open(path)) {
            GgufImage changed =
                    new GgufImage().put("words", List.of("longer", "one")).put("end", "abc");
            assertThat(changed.bytes()).hasSameSizeAs(image.bytes());
            changed.writeTo(path);
            assertThatThrownBy(() -> file.metadata().utf8Strings("words"))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("other strings in words than before");
        }
    }

    @Test
    void canBeDeletedAndReopenedAfterClose() throws IOException {
        Path path = small().writeTo(folder.resolve("small.gguf"));
        Gguf file = Gguf.open(path);
        file.close();
        assertThatThrownBy(() -> file.data(file.tensors().getFirst()).get(ValueLayout.JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);
        Files.delete(path);
        assertThat(path).doesNotExist();
    }

    @Test
    void namesAbsentFilesFoldersAndDevices() {
        assertThatThrownBy(() -> Gguf.open(folder.resolve("absent.gguf")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("found no file");
        assertThatThrownBy(() -> Gguf.open(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("found a folder");
    }

    @Test
    void readsMetadataInTheByteOrderOfTheFile() {
        GgufImage image = new GgufImage().put("n", GgufImage.UINT32, 0x01020304);
        byte[] bytes = image.bytes();
        int at = 24 + 8 + 1 + 4;
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at))
                .isEqualTo(0x01020304);
        try (Gguf file = Gguf.open(image.writeTo(folder.resolve("n.gguf")))) {
            assertThat(file.metadata().intValue("n")).isEqualTo(0x01020304);
        }
    }
}
