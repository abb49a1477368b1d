package autark.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each way in which a GGUF header has been known to lie, as a file that must be refused with the
/// byte offset or key at fault: the classes of damage that GGUF readers are commonly tested with,
/// and those behind published vulnerabilities of other readers.
final class GgufCorruptionTest {
    private static final int I8 = 24;

    @TempDir Path folder;

    private GgufImage image = new GgufImage();

    @BeforeEach
    void startFromAGoodFile() {
        image =
                new GgufImage()
                        .put("general.architecture", "llama")
                        .put("numbers", GgufImage.ARRAY, numbers())
                        .put("words", List.of("one", "two", ""))
                        .tensor("first", 4, 3)
                        .tensor("second", 7)
                        .tensor("third", 8, 2);
        try (Gguf file = Gguf.open(image.writeTo(folder.resolve("good.gguf")))) {
            assertThat(file.tensors()).hasSize(3);
        }
    }

    private static GgufImage.Array numbers() {
        List<GgufImage.Value> elements = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            elements.add(new GgufImage.Bits(Integer.BYTES, i));
        }
        return new GgufImage.Array(GgufImage.INT32, elements);
    }

    private AbstractThrowableAssert<?, ?> refused() {
        return refused(image.bytes());
    }

    private AbstractThrowableAssert<?, ?> refused(byte[] bytes) {
        Path path = folder.resolve("bad.gguf");
        return assertThatThrownBy(
                        () -> {
                            Files.write(path, bytes);
                            Gguf.open(path).close();
                        })
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith(path + ": byte ");
    }

    private void replaceTensor(int index, GgufImage.Tensor tensor) {
        image.tensors.set(index, tensor);
    }

    private void setShape(long... shape) {
        List<Long> extents = Arrays.stream(shape).boxed().toList();
        replaceTensor(1, image.tensors.get(1).withShape(extents));
    }

    // Header

    @Test
    void headerBadMagic() {
        image.magic = "FUGG";
        refused().hasMessageContaining("byte 0").hasMessageContaining("big-endian");
    }

    @ParameterizedTest
    @CsvSource({"0, damaged", "1, replaced in 2023", "4, newer Autark", "-1, newer Autark"})
    void headerBadVersion(int version, String advice) {
        image.version = version;
        refused()
                .hasMessageContaining("byte 4")
                .hasMessageContaining(Integer.toUnsignedString(version))
                .hasMessageContaining(advice);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void headerBigEndianVersion(int version) {
        image.version = Integer.reverseBytes(version);
        refused().hasMessageContaining("big-endian");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 100_001, 1L << 32, 1000})
    void headerBadTensorCount(long count) {
        image.claimedTensors = OptionalLong.of(count);
        refused()
                .hasMessageContaining("byte 8:")
                .hasMessageContaining(Long.toUnsignedString(count) + " tensors");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 65_537, 1L << 32, 1000})
    void headerBadEntryCount(long count) {
        image.claimedEntries = OptionalLong.of(count);
        refused()
                .hasMessageContaining("byte 16:")
                .hasMessageContaining(Long.toUnsignedString(count) + " metadata entries");
    }

    @Test
    void headerWithMoreTensorsThanTheLimit() {
        for (int i = image.tensors.size(); i <= GgufHeader.TENSOR_COUNT_MAX; i++) {
            image.tensor("t" + i, 1);
        }
        refused().hasMessageContaining("100001 tensors, expected 0 to 100000");
    }

    @Test
    void headerWithMoreEntriesThanTheLimit() {
        for (int i = image.entries.size(); i <= GgufHeader.METADATA_COUNT_MAX; i++) {
            image.put("k" + i, GgufImage.BOOL, 0);
        }
        refused().hasMessageContaining("65537 metadata entries, expected 0 to 65536");
    }

    @Test
    void headerCutAnywhere() {
        byte[] bytes = image.bytes();
        for (int length = 0; length < bytes.length - 32; length++) {
            refused(Arrays.copyOf(bytes, length));
        }
    }

    @Test
    void headerCutInsideTheMagicSaysWhatIsThere() {
        refused(new byte[] {'G', 'G', 'U'}).hasMessageContaining("47 47 55");
    }

    // Metadata

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MAX_VALUE, 1L << 32, (1L << 32) + 20, 1L << 31, 100_000})
    void entryBadKeyLength(long length) {
        GgufImage.Entry entry = image.entries.getFirst();
        GgufImage.Text key = new GgufImage.Text(entry.key().utf8(), OptionalLong.of(length));
        image.entries.set(0, new GgufImage.Entry(key, entry.type(), entry.value()));
        refused().hasMessageContaining(Long.toUnsignedString(length));
    }

    @Test
    void entryKeyLongerThanTheLimit() {
        image.put("k".repeat(65_535), "longest");
        Gguf.open(image.writeTo(folder.resolve("longest.gguf"))).close();
        image.put("k".repeat(65_536), "too long");
        refused().hasMessageContaining("65536 bytes, expected at most 65535");
    }

    @Test
    void entryEmptyKey() {
        image.put("", "nameless");
        refused().hasMessageContaining("a key without characters");
    }

    @Test
    void entryKeyThatIsNotUtf8() {
        GgufImage.Text key =
                new GgufImage.Text(new byte[] {'a', (byte) 0xFF}, OptionalLong.empty());
        image.entries.add(new GgufImage.Entry(key, GgufImage.STRING, new GgufImage.Text("value")));
        refused().hasMessageContaining("not valid UTF-8");
    }

    @Test
    void entryKeyWithControlCharacters() {
        image.put("\u001b[2Jclear", "screen");
        refused().hasMessageContaining("\\u{1b}").hasMessageNotContaining("\u001b");
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 14, 255, 256, -1, Integer.MIN_VALUE})
    void entryBadType(int type) {
        image.put("odd", type, new GgufImage.Bits(8, 0));
        refused()
                .hasMessageContaining("value type " + Integer.toUnsignedString(type))
                .hasMessageContaining("odd");
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 255, -1})
    void entryBadElementType(int type) {
        image.put("odd", GgufImage.ARRAY, new GgufImage.Array(type, List.of()));
        refused().hasMessageContaining("value type").hasMessageContaining("odd");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MAX_VALUE, 1L << 40, 1L << 32, 1L << 31, 5_000})
    void entryBadStringLength(long length) {
        image.put(
                "text", GgufImage.STRING, new GgufImage.Text(new byte[5], OptionalLong.of(length)));
        refused().hasMessageContaining("text of " + Long.toUnsignedString(length) + " bytes");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MAX_VALUE, 1L << 61, 1L << 62, 1_000_001, 5_000})
    void entryBadElementCount(long count) {
        List<GgufImage.Value> elements = List.of(new GgufImage.Bits(8, 0));
        image.put(
                "list",
                GgufImage.ARRAY,
                new GgufImage.Array(GgufImage.UINT64, OptionalLong.of(count), elements));
        refused().hasMessageContaining(Long.toUnsignedString(count) + " list");
    }

    @Test
    void entryOfMoreElementsThanTheLimit() {
        int count = GgufHeader.ARRAY_ELEMENTS_MAX + 1;
        GgufImage.Value zero = new GgufImage.Bits(1, 0);
        image.put(
                "list",
                GgufImage.ARRAY,
                new GgufImage.Array(GgufImage.INT8, Collections.nCopies(count, zero)));
        refused().hasMessageContaining("1000001 list, expected 0 to 1000000");
    }

    @Test
    void entryBadLengthInsideAnArrayOfStrings() {
        List<GgufImage.Value> elements =
                List.of(
                        new GgufImage.Text("good"),
                        new GgufImage.Text(new byte[2], OptionalLong.of(-2)));
        image.put("list", GgufImage.ARRAY, new GgufImage.Array(GgufImage.STRING, elements));
        refused().hasMessageContaining("list of 18446744073709551614 bytes");
    }

    @Test
    void entryArraysNestedTooDeep() {
        GgufImage.Array nested = numbers();
        for (int depth = 1; depth < 4; depth++) {
            nested = new GgufImage.Array(GgufImage.ARRAY, List.of(nested));
        }
        image.put("deep", GgufImage.ARRAY, nested);
        Gguf.open(image.writeTo(folder.resolve("deep.gguf"))).close();
        image.put("deeper", GgufImage.ARRAY, new GgufImage.Array(GgufImage.ARRAY, List.of(nested)));
        refused().hasMessageContaining("deeper").hasMessageContaining("nested deeper than 4");
    }

    @Test
    void entryDuplicateKey() {
        image.put("words", "again");
        refused().hasMessageContaining("words twice");
    }

    @Test
    void entryBoolThatIsNeitherTrueNorFalse() {
        image.put("flag", GgufImage.BOOL, 2);
        refused().hasMessageContaining("found 2 for the bool of flag");
    }

    @Test
    void entryBoolElementThatIsNeitherTrueNorFalse() {
        List<GgufImage.Value> elements =
                List.of(new GgufImage.Bits(1, 1), new GgufImage.Bits(1, 7));
        image.put("flags", GgufImage.ARRAY, new GgufImage.Array(GgufImage.BOOL, elements));
        refused().hasMessageContaining("found 7 for the bool of flags");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 4, 13, 33, 1 << 21, 0x8000_0000L, 0xFFFF_FFFFL})
    void entryBadAlignment(long alignment) {
        image.put("general.alignment", GgufImage.UINT32, alignment);
        refused().hasMessageContaining("general.alignment").hasMessageContaining("" + alignment);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                GgufImage.INT32,
                GgufImage.UINT64,
                GgufImage.FLOAT32,
                GgufImage.UINT8,
                GgufImage.BOOL
            })
    void entryAlignmentOfWrongType(int type) {
        image.put("general.alignment", type, 1);
        refused().hasMessageContaining("general.alignment").hasMessageContaining("a uint32");
    }

    // Tensors

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MAX_VALUE, 1L << 32, 5_000})
    void tensorBadNameLength(long length) {
        GgufImage.Tensor tensor = image.tensors.getFirst();
        replaceTensor(
                0,
                new GgufImage.Tensor(
                        new GgufImage.Text(tensor.name().utf8(), OptionalLong.of(length)),
                        OptionalInt.empty(),
                        tensor.shape(),
                        tensor.type(),
                        OptionalLong.empty(),
                        tensor.data()));
        refused().hasMessageContaining(Long.toUnsignedString(length));
    }

    @Test
    void tensorNameLongerThanTheLimit() {
        image.tensor("n".repeat(64), 1);
        Gguf.open(image.writeTo(folder.resolve("longest.gguf"))).close();
        image.tensor("n".repeat(65), 1);
        refused().hasMessageContaining("65 bytes, expected at most 64");
    }

    @Test
    void tensorWithoutName() {
        image.tensor("", 1);
        refused().hasMessageContaining("a tensor name without characters");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 255, -1, Integer.MIN_VALUE})
    void tensorBadDimensionCount(int dims) {
        GgufImage.Tensor tensor = image.tensors.get(1);
        replaceTensor(
                1,
                new GgufImage.Tensor(
                        tensor.name(),
                        OptionalInt.of(dims),
                        tensor.shape(),
                        tensor.type(),
                        OptionalLong.empty(),
                        tensor.data()));
        refused()
                .hasMessageContaining(
                        Integer.toUnsignedString(dims) + " dimensions of tensor second");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 0})
    void tensorBadExtent(long extent) {
        setShape(7, extent);
        refused()
                .hasMessageContaining("extent " + Long.toUnsignedString(extent))
                .hasMessageContaining("second");
    }

    @Test
    void tensorZeroColumns() {
        setShape(0);
        refused().hasMessageContaining("extent 0").hasMessageContaining("second");
    }

    @Test
    void tensorTooManyElements() {
        setShape(4L * Integer.MAX_VALUE, 4L * Integer.MAX_VALUE);
        refused().hasMessageContaining("second").hasMessageContaining("less than 2^63 bytes");
    }

    @Test
    void tensorTooManyBytes() {
        setShape(1L << 31, 1L << 30);
        refused().hasMessageContaining("second").hasMessageContaining("less than 2^63 bytes");
    }

    @Test
    void tensorElementCountThatWrapsToASmallNumber() {
        setShape(1L << 32, 1L << 32, 7);
        refused().hasMessageContaining("second").hasMessageContaining("less than 2^63 bytes");
    }

    @Test
    void tensorBytesThatWrapWithTheirPadding() {
        setShape(4, 1_073_741_823, 1_073_741_825);
        refused().hasMessageContaining("second").hasMessageContaining("less than 2^63 bytes");
    }

    @Test
    void tensorBytesThatOverflowOnlyWithTheirOffset() {
        setShape((Long.MAX_VALUE >> 2) - 8);
        refused().hasMessageContaining("second").hasMessageContaining("incomplete");
    }

    @Test
    void tensorSumOfSizesThatOverflows() {
        long extent = (Long.MAX_VALUE >> 2) - 15;
        replaceTensor(0, image.tensors.get(0).withShape(List.of(extent)));
        replaceTensor(
                1, image.tensors.get(1).withShape(List.of(extent)).withClaimedOffset(1L << 62));
        refused().hasMessageContaining("first").hasMessageContaining("incomplete");
    }

    @ParameterizedTest
    @CsvSource({
        "4, Q4_2",
        "9, Q8_1",
        "15, Q8_K",
        "16, IQ2_XXS",
        "24, I8",
        "28, F64",
        "29, IQ1_M",
        "31, Q4_0_4_4",
        "35, TQ2_0",
        "40, NVFP4",
        "43, 43",
        "255, 255",
        "-1, 4294967295"
    })
    void tensorOfUnsupportedType(int type, String name) {
        replaceTensor(1, image.tensors.get(1).withType(type));
        refused()
                .hasMessageContaining("second")
                .hasMessageContaining(name)
                .hasMessageContaining("Q4_K");
    }

    @Test
    void tensorRowsThatAreNoWholeBlocks() {
        replaceTensor(2, image.tensors.get(2).withType(2).withShape(List.of(48L)));
        refused().hasMessageContaining("48 columns").hasMessageContaining("multiple of 32");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 1, 16, 33})
    void tensorOffsetThatIsNotAligned(long offset) {
        replaceTensor(1, image.tensors.get(1).withClaimedOffset(offset));
        refused().hasMessageContaining("offset").hasMessageContaining("second");
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 62, 1L << 32, 4096, Long.MAX_VALUE & -32})
    void tensorOutsideTheFile(long offset) {
        replaceTensor(1, image.tensors.get(1).withClaimedOffset(offset));
        refused().hasMessageContaining("second").hasMessageContaining("incomplete");
    }

    @Test
    void tensorInsideAnother() {
        replaceTensor(1, image.tensors.get(1).withClaimedOffset(32));
        refused().hasMessageContaining("overlap").hasMessageContaining("second");
    }

    @Test
    void tensorInThePlaceOfAnother() {
        replaceTensor(1, image.tensors.get(1).withClaimedOffset(0));
        refused().hasMessageContaining("overlap").hasMessageContaining("second");
    }

    @Test
    void tensorOverlappingTheNextByItsLength() {
        replaceTensor(0, image.tensors.get(0).withShape(List.of(17L)));
        refused().hasMessageContaining("overlap").hasMessageContaining("second");
    }

    @Test
    void tensorBehindAHole() {
        replaceTensor(0, image.tensors.get(0).withShape(List.of(8L)));
        refused().hasMessageContaining("hole").hasMessageContaining("second");
    }

    @Test
    void tensorDuplicateName() {
        image.tensor("first", 3);
        refused().hasMessageContaining("first twice");
    }

    @Test
    void tensorsLaidOutWithAnotherAlignmentThanTheFileSays() {
        image.alignment = 8;
        refused().hasMessageContaining("multiple of the alignment 32");
        image.alignment = 64;
        refused().hasMessageContaining("hole");
    }

    // Data

    @Test
    void dataOfTheLastTensorCut() {
        byte[] bytes = image.bytes();
        refused(Arrays.copyOf(bytes, bytes.length - 1))
                .hasMessageContaining("third of 64 bytes")
                .hasMessageContaining("incomplete");
    }

    @Test
    void dataThatNoTensorOwns() {
        byte[] bytes = image.bytes();
        refused(Arrays.copyOf(bytes, bytes.length + 1))
                .hasMessageContaining("found 1 bytes behind third");
    }

    @Test
    void dataBehindAVocabulary() {
        image.tensors.clear();
        byte[] bytes = image.bytes();
        refused(Arrays.copyOf(bytes, bytes.length + 64)).hasMessageContaining("behind the header");
    }

    @Test
    void dataOfSizesThatNoMemoryHolds() {
        image.tensors.clear();
        image.tensors.add(
                new GgufImage.Tensor("huge", 0, List.of(0x1FFF_FFFF_FFFF_FFF0L), new byte[32]));
        image.tensors.add(
                new GgufImage.Tensor("vast", I8, List.of(0x7FFF_FFFF_FFFF_FFC0L), new byte[32]));
        refused().hasMessageContaining("huge").hasMessageContaining("incomplete");
    }

    @Test
    void headerLongerThanTheLimitIsRefusedWithoutReadingOn() throws IOException {
        image.put(
                "flood",
                GgufImage.STRING,
                new GgufImage.Text(new byte[100_000_000], OptionalLong.empty()));
        refused().hasMessageContaining("limit of 100 MB");
    }
}
