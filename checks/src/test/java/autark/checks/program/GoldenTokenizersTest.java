package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Repository;
import autark.model.file.Gguf;
import autark.model.file.GgufTokenizer;
import autark.text.token.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Token ids of published vocabularies, that of the default model among them, on four hundred
/// difficult texts, equal to the reference's, and the way back. The vocabularies are other people's
/// and may not lie in this repository; where they are not, this test is not selected.
@EnabledIf("vocabulariesArePresent")
class GoldenTokenizersTest {
    private static final Path FOLDER =
            Repository.root().resolveSibling("shared").resolve("golden/tokenizers");

    /// The vocabulary that is not here but in the default model.
    private static final String OF_DEFAULT_MODEL = "smollm2-135m-instruct";

    /// Vocabularies that cannot give each text back: one spells words without their letters' case,
    /// accents and spaces, the other lacks some bytes.
    private static final Set<String> LOSSY = Set.of("bert-bge", OF_DEFAULT_MODEL);

    static boolean vocabulariesArePresent() {
        return Files.isDirectory(FOLDER);
    }

    static List<String> vocabularies() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json") && !name.equals("texts.json"))
                    .map(name -> name.replace(".json", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("vocabularies")
    void idsAreTheReferencesAndComeBackAsText(String name) {
        String[] texts = JsonMapper.shared().readValue(read("texts.json"), String[].class);
        JsonNode expected = JsonMapper.shared().readTree(read(name + ".json"));
        Tokenizer tokenizer = tokenizer(name);
        assertThat(texts).hasSizeGreaterThan(300);
        for (int i = 0; i < texts.length; i++) {
            int[] plain = tokenizer.encode(texts[i], Tokenizer.Specials.AS_TEXT);
            assertThat(plain)
                    .as("text %d, plain", i)
                    .isEqualTo(ids(expected.path("plain").path(i)));
            assertThat(tokenizer.encode(texts[i], Tokenizer.Specials.PARSED))
                    .as("text %d, control tokens parsed", i)
                    .isEqualTo(ids(expected.path("with_special_tokens_parsed").path(i)));
            if (!LOSSY.contains(name)) {
                assertThat(new String(tokenizer.decode(plain), StandardCharsets.UTF_8))
                        .as("text %d, decoded", i)
                        .isEqualTo(texts[i]);
            }
        }
    }

    private static Tokenizer tokenizer(String name) {
        Path file =
                name.equals(OF_DEFAULT_MODEL)
                        ? DefaultModel.file()
                        : FOLDER.resolve(name + ".gguf");
        try (Gguf gguf = Gguf.open(file)) {
            return Tokenizer.of(GgufTokenizer.spec(gguf).orElseThrow());
        }
    }

    private static int[] ids(JsonNode node) {
        return JsonMapper.shared().treeToValue(node, int[].class);
    }

    private static String read(String name) {
        return Repository.read(FOLDER.resolve(name));
    }
}
