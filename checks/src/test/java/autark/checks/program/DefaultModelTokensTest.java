package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Repository;
import autark.model.file.Gguf;
import autark.model.file.GgufTokenizer;
import autark.text.token.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Token ids of the default model on four hundred difficult texts, equal to the reference's. The
/// texts are other people's and may not lie in this repository; where they are not, this test is
/// not selected.
@EnabledIf("textsArePresent")
class DefaultModelTokensTest {
    private static final Path FOLDER =
            Repository.root().resolveSibling("shared").resolve("golden/tokenizers");

    static boolean textsArePresent() {
        return Files.isDirectory(FOLDER);
    }

    @Test
    void idsAreTheReferences() {
        String[] texts = JsonMapper.shared().readValue(read("texts.json"), String[].class);
        JsonNode expected = JsonMapper.shared().readTree(read("smollm2-135m-instruct.json"));
        Tokenizer tokenizer = tokenizer();
        for (int i = 0; i < texts.length; i++) {
            assertThat(tokenizer.encode(texts[i], Tokenizer.Specials.AS_TEXT))
                    .as("text %d, plain", i)
                    .isEqualTo(ids(expected.path("plain").path(i)));
            assertThat(tokenizer.encode(texts[i], Tokenizer.Specials.PARSED))
                    .as("text %d, control tokens parsed", i)
                    .isEqualTo(ids(expected.path("with_special_tokens_parsed").path(i)));
        }
    }

    private static Tokenizer tokenizer() {
        try (Gguf gguf = Gguf.open(DefaultModel.file())) {
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
