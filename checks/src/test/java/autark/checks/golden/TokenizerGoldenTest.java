package autark.checks.golden;

import static org.assertj.core.api.Assertions.assertThat;

import autark.model.file.Gguf;
import autark.model.file.GgufTokenizer;
import autark.text.token.Tokenizer;
import autark.text.token.Tokenizer.Specials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Vocabularies of published models: the reference's ids of 400 texts, and the way back.
@EnabledIf("goldenIsHere")
class TokenizerGoldenTest {
    private static final Path FOLDER = Path.of("../../shared/golden/tokenizers");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static boolean goldenIsHere() {
        return Files.isDirectory(FOLDER);
    }

    private static JsonNode json(String file) throws IOException {
        return JSON.readTree(Files.readString(FOLDER.resolve(file)));
    }

    private static Tokenizer tokenizer(String name) {
        try (Gguf file = Gguf.open(FOLDER.resolve(name + ".gguf"))) {
            return Tokenizer.of(GgufTokenizer.spec(file).orElseThrow());
        }
    }

    private static int[] ids(JsonNode array) {
        return JSON.convertValue(array, int[].class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-2",
                "llama-bpe",
                "qwen2",
                "deepseek-llm",
                "llama-spm",
                "phi-3",
                "bert-bge"
            })
    void idsEqualTheReferences(String name) throws IOException {
        Tokenizer tokenizer = tokenizer(name);
        JsonNode expected = json(name + ".json");
        JsonNode texts = json("texts.json");
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i).asString();
            assertThat(tokenizer.encode(text, Specials.AS_TEXT))
                    .as("text %d: %s", i, text)
                    .isEqualTo(ids(expected.get("plain").get(i)));
            assertThat(tokenizer.encode(text, Specials.PARSED))
                    .as("text %d with special tokens: %s", i, text)
                    .isEqualTo(ids(expected.get("with_special_tokens_parsed").get(i)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "llama-bpe", "qwen2", "deepseek-llm"})
    void idsOfByteLevelVocabulariesGiveTheTextBack(String name) throws IOException {
        Tokenizer tokenizer = tokenizer(name);
        for (JsonNode node : json("texts.json")) {
            String text = node.asString();
            byte[] bytes = tokenizer.decode(tokenizer.encode(text, Specials.AS_TEXT));
            assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(text);
        }
    }
}
