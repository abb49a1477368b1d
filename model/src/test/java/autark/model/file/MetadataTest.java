package autark.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.text.token.Utf8Strings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MetadataTest {
    @TempDir Path folder;

    private final GgufImage image = new GgufImage();

    private void with(Consumer<Metadata> check) {
        try (Gguf file = Gguf.open(image.writeTo(folder.resolve("values.gguf")))) {
            check.accept(file.metadata());
        }
    }

    private AbstractThrowableAssert<?, ?> refused(Consumer<Metadata> getter) {
        return assertThatThrownBy(() -> with(getter)).isInstanceOf(ModelFormatException.class);
    }

    private static GgufImage.Array array(int type, long... bits) {
        List<GgufImage.Value> elements = new ArrayList<>();
        for (long value : bits) {
            elements.add(new GgufImage.Bits(GgufImage.bytesOf(type), value));
        }
        return new GgufImage.Array(type, elements);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 200, 200",
        "1, 200, -56",
        "2, 65535, 65535",
        "3, 65535, -1",
        "4, 2147483647, 2147483647",
        "5, 4294967295, -1",
        "10, 7, 7",
        "11, -7, -7"
    })
    void readsIntegersOfEveryWidth(int type, long bits, int expected) {
        image.put("n", type, bits);
        with(metadata -> {
            assertThat(metadata.intValue("n")).isEqualTo(expected);
            assertThat(metadata.longValue("n")).isEqualTo(expected);
            assertThat(metadata.intValue("n", 5)).isEqualTo(expected);
            assertThat(metadata.optionalInt("n")).hasValue(expected);
            assertThat(metadata.text("n")).isEqualTo("" + expected);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "4, 2147483648, 2147483648",
        "10, 4294967296, 4294967296",
        "10, -1, 18446744073709551615",
        "11, -2147483649, -2147483649"
    })
    void refusesIntegersThatDoNotFit(int type, long bits, String found) {
        image.put("n", type, bits);
        refused(metadata -> metadata.intValue("n"))
                .hasMessageContaining("key n")
                .hasMessageContaining(found)
                .hasMessageContaining("expected an integer below 2^");
    }

    @Test
    void readsFloatsOfBothWidths() {
        image.put("single", 1.25f);
        image.put("double", GgufImage.FLOAT64, Double.doubleToRawLongBits(1e-5));
        with(metadata -> {
            assertThat(metadata.floatValue("single")).isEqualTo(1.25f);
            assertThat(metadata.floatValue("double", 3)).isEqualTo(1e-5f);
            assertThat(metadata.floatValue("absent", 3)).isEqualTo(3);
            assertThat(metadata.text("double")).isEqualTo("1.0E-5");
        });
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void refusesFloatsThatAreNoNumbers(float value) {
        image.put("n", value);
        refused(metadata -> metadata.floatValue("n")).hasMessageContaining("a finite float");
    }

    @Test
    void refusesDoublesThatNoFloatHolds() {
        image.put("n", GgufImage.FLOAT64, Double.doubleToRawLongBits(1e300));
        refused(metadata -> metadata.floatValue("n")).hasMessageContaining("1.0E300");
    }

    @Test
    void readsBools() {
        image.put("yes", GgufImage.BOOL, 1).put("no", GgufImage.BOOL, 0);
        with(metadata -> {
            assertThat(metadata.bool("yes")).isTrue();
            assertThat(metadata.bool("no", true)).isFalse();
            assertThat(metadata.bool("absent", true)).isTrue();
            assertThat(metadata.text("yes")).isEqualTo("true");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 5_000, 8_191, 8_192, 8_193, 100_000})
    void readsStringsOfEveryLength(int length) {
        String text = "äΩ漢😀".repeat(length).substring(0, length - (length % 5 > 3 ? 1 : 0));
        image.put("before", "x").put("text", text).put("after", "y");
        with(metadata -> {
            assertThat(metadata.string("text")).isEqualTo(text);
            assertThat(metadata.optionalString("after")).contains("y");
            assertThat(metadata.optionalString("absent")).isEmpty();
        });
    }

    @Test
    void readsArraysOfStrings() {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            words.add("wörd".repeat(i % 7) + i);
        }
        words.add("long".repeat(5_000));
        words.add("");
        image.put("words", words);
        with(metadata -> {
            assertThat(metadata.strings("words")).isEqualTo(words);
            Utf8Strings utf8 = metadata.utf8Strings("words");
            assertThat(utf8.size()).isEqualTo(words.size());
            for (int i = 0; i < words.size(); i++) {
                assertThat(utf8.text(i)).isEqualTo(words.get(i));
            }
        });
    }

    @Test
    void readsArraysOfNumbers() {
        image.put("ints", GgufImage.ARRAY, array(GgufImage.INT16, 1, 0xFFFF));
        image.put("bools", GgufImage.ARRAY, array(GgufImage.BOOL, 1, 0));
        image.put(
                "floats",
                GgufImage.ARRAY,
                array(GgufImage.FLOAT32, Float.floatToRawIntBits(-1.5f), 0xFF80_0000L));
        image.put(
                "doubles",
                GgufImage.ARRAY,
                array(GgufImage.FLOAT64, Double.doubleToRawLongBits(0.5)));
        image.put("none", GgufImage.ARRAY, array(GgufImage.UINT32));
        with(metadata -> {
            assertThat(metadata.ints("ints")).containsExactly(1, -1);
            assertThat(metadata.ints("bools")).containsExactly(1, 0);
            assertThat(metadata.ints("none")).isEmpty();
            assertThat(metadata.floats("floats")).containsExactly(-1.5f, Float.NEGATIVE_INFINITY);
            assertThat(metadata.floats("doubles")).containsExactly(0.5f);
            assertThat(metadata.isArray("ints")).isTrue();
            assertThat(metadata.isArray("absent")).isFalse();
        });
    }

    @Test
    void refusesElementsThatDoNotFit() {
        image.put("ints", GgufImage.ARRAY, array(GgufImage.UINT32, 1, 0x8000_0000L));
        image.put("floats", GgufImage.ARRAY, array(GgufImage.FLOAT32, 0, 0x7FC0_0000L));
        refused(metadata -> metadata.ints("ints"))
                .hasMessageContaining("2147483648 in ints")
                .hasMessageContaining("byte " + (24 + 8 + 4 + 4 + 4 + 8 + 4));
        refused(metadata -> metadata.floats("floats")).hasMessageContaining("NaN in floats");
    }

    @Test
    void namesMissingKeys() {
        List<Consumer<Metadata>> getters =
                List.of(
                        metadata -> metadata.string("k"),
                        metadata -> metadata.intValue("k"),
                        metadata -> metadata.longValue("k"),
                        metadata -> metadata.floatValue("k"),
                        metadata -> metadata.bool("k"),
                        metadata -> metadata.strings("k"),
                        metadata -> metadata.ints("k"),
                        metadata -> metadata.floats("k"),
                        metadata -> metadata.text("k"));
        for (Consumer<Metadata> getter : getters) {
            refused(getter)
                    .hasMessageContaining("found no key k")
                    .hasMessageContaining("expected a");
        }
    }

    @Test
    void namesTheTypeFoundAndTheTypeExpected() {
        image.put("text", "words").put("number", GgufImage.UINT16, 3).put("list", List.of("a"));
        refused(metadata -> metadata.intValue("text"))
                .hasMessageContaining("found string \"words\" for key text, expected an integer");
        refused(metadata -> metadata.string("number"))
                .hasMessageContaining("found uint16 3 for key number, expected a string");
        refused(metadata -> metadata.ints("list"))
                .hasMessageContaining("found an array of 1 string")
                .hasMessageContaining("expected an array of integers");
        refused(metadata -> metadata.floats("number")).hasMessageContaining("an array of floats");
        refused(metadata -> metadata.utf8Strings("text"))
                .hasMessageContaining("an array of strings");
        refused(metadata -> metadata.strings("text")).hasMessageContaining("an array of strings");
        refused(metadata -> metadata.bool("number")).hasMessageContaining("a bool");
        refused(metadata -> metadata.floatValue("number")).hasMessageContaining("a float");
    }

    @Test
    void refusesAStringThatIsNotUtf8WhereTextIsAskedFor() {
        byte[] latin1 = "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
        GgufImage.Text text = new GgufImage.Text(latin1, OptionalLong.empty());
        image.put("text", GgufImage.STRING, text);
        image.put("list", GgufImage.ARRAY, new GgufImage.Array(GgufImage.STRING, List.of(text)));
        refused(metadata -> metadata.string("text"))
                .hasMessageContaining("found text that is not valid UTF-8");
        refused(metadata -> metadata.strings("list"))
                .hasMessageContaining("list that is not valid");
        with(metadata -> assertThat(metadata.text("text")).isEqualTo("\"caf\uFFFD\""));
    }

    @Test
    void readsAReplacementCharacterThatTheFileReallyHas() {
        image.put("text", "a\uFFFDb");
        with(metadata -> assertThat(metadata.string("text")).isEqualTo("a\uFFFDb"));
    }

    @Test
    void refusesAStringLongerThanTheLimitButShowsItsStart() {
        byte[] tooLong = new byte[GgufHeader.STRING_BYTES_MAX + 1];
        Arrays.fill(tooLong, (byte) 'x');
        image.put("text", GgufImage.STRING, new GgufImage.Text(tooLong, OptionalLong.empty()));
        refused(metadata -> metadata.string("text"))
                .hasMessageContaining("text of 16777217 bytes, expected at most 16777216");
        with(metadata -> assertThat(metadata.text("text")).endsWith("xxx…\" (16777217 bytes)"));
    }

    @Test
    void keepsTheOrderOfTheFile() {
        image.put("z", "1").put("a", "2").put("m", "3");
        with(metadata -> {
            assertThat(metadata.keys()).containsExactly("z", "a", "m");
            assertThat(metadata.has("m")).isTrue();
            assertThat(metadata.has("q")).isFalse();
        });
    }

    @Test
    void showsValuesOnOneLine() {
        image.put("text", "line\nfeed\t\"quoted\" \u001b[31m \u202e" + "x".repeat(500));
        image.put("words", List.of("a", "b", "c", "d", "e"));
        image.put("big", GgufImage.UINT64, -1);
        image.put(
                "nested",
                GgufImage.ARRAY,
                new GgufImage.Array(
                        GgufImage.ARRAY, List.of(array(GgufImage.INT8, 1), array(GgufImage.INT8))));
        with(metadata -> {
            assertThat(metadata.text("text"))
                    .startsWith("\"line\\nfeed\\t\\\"quoted\\\" \\u{1b}[31m \\u{202e}xxx")
                    .endsWith("xxx…\" (528 bytes)")
                    .hasSizeLessThan(200);
            assertThat(metadata.text("words"))
                    .isEqualTo("[\"a\", \"b\", \"c\", \"d\", … 5 string]");
            assertThat(metadata.text("big")).isEqualTo("18446744073709551615");
            assertThat(metadata.text("nested")).isEqualTo("[… 2 array]");
        });
    }

    @Test
    void makesTheErrorOfAValueThatTheCallerCannotUse() {
        image.put("heads", GgufImage.UINT32, 0);
        with(metadata ->
                assertThat(metadata.unexpected("heads", "1 to 1024"))
                        .hasMessageContaining("byte " + (24 + 8 + 5 + 4))
                        .hasMessageContaining("found uint32 0 for key heads, expected 1 to 1024"));
    }
}
