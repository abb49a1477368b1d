package autark.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.text.token.SpecialRole;
import autark.text.token.Tokenizer;
import autark.text.token.TokenizerFlag;
import autark.text.token.TokenizerSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GgufTokenizerTest {
    @TempDir Path folder;

    private Optional<TokenizerSpec> specOf(GgufImage image) {
        try (Gguf file = Gguf.open(image.writeTo(folder.resolve("vocabulary.gguf")))) {
            return GgufTokenizer.spec(file);
        }
    }

    private TokenizerSpec spec(GgufImage image) {
        return specOf(image).orElseThrow();
    }

    private static GgufImage image(TinyVocabulary vocabulary) {
        GgufImage image = new GgufImage().put("general.architecture", "llama");
        vocabulary.putInto(image);
        return image;
    }

    private static GgufImage tokens(String... texts) {
        return new GgufImage()
                .put("general.architecture", "llama")
                .put("tokenizer.ggml.model", "llama")
                .put("tokenizer.ggml.tokens", List.of(texts));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no_vocab", "none"})
    void aFileMayHaveNoTokenizer(String model) {
        GgufImage image = new GgufImage().put("general.architecture", "llama");
        assertThat(specOf(image)).isEmpty();
        assertThat(specOf(image.put("tokenizer.ggml.model", model))).isEmpty();
    }

    @Test
    void vocabulariesOfBothKindsMakeTokenizers() {
        for (TinyVocabulary vocabulary :
                List.of(TinyVocabulary.bpe("llama-bpe"), TinyVocabulary.spm())) {
            Tokenizer tokenizer = Tokenizer.of(spec(image(vocabulary)));
            assertThat(tokenizer.vocabSize()).isEqualTo(vocabulary.size());
            String text = "hello wörld";
            int[] tokens = tokenizer.encode(text, Tokenizer.Specials.AS_TEXT);
            assertThat(tokenizer.piece(tokens[0])).endsWith("hello");
            assertThat(new String(tokenizer.decode(tokens), StandardCharsets.UTF_8))
                    .isEqualTo(text);
        }
    }

    @Test
    void namesAndTablesAreTheFiles() {
        TokenizerSpec spec =
                spec(image(TinyVocabulary.bpe("qwen2")).put("general.name", "Tiny Model"));
        assertThat(spec.model()).isEqualTo("gpt2");
        assertThat(spec.preTokenizer()).isEqualTo("qwen2");
        assertThat(spec.modelName()).isEqualTo("Tiny Model");
        assertThat(spec.vocabulary().size()).isEqualTo(TinyVocabulary.bpe("").size());
    }

    @Test
    void whatTheFileDoesNotSayIsLeftOpen() {
        TokenizerSpec spec = spec(tokens("a"));
        assertThat(spec.preTokenizer()).isEmpty();
        assertThat(spec.modelName()).isEmpty();
        assertThat(spec.specialIds()).isEmpty();
        assertThat(spec.flags()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "bos, BEGIN_OF_SEQUENCE",
        "eos, END_OF_SEQUENCE",
        "eot, END_OF_TURN",
        "eom, END_OF_MESSAGE",
        "unknown, UNKNOWN",
        "seperator, SEPARATOR",
        "padding, PADDING",
        "mask, MASK",
        "fim_pre, FIM_PREFIX",
        "prefix, FIM_PREFIX",
        "fim_suf, FIM_SUFFIX",
        "suffix, FIM_SUFFIX",
        "fim_mid, FIM_MIDDLE",
        "middle, FIM_MIDDLE",
        "fim_pad, FIM_PADDING",
        "fim_rep, FIM_REPOSITORY",
        "fim_sep, FIM_FILE_SEPARATOR"
    })
    void idsHaveTheirRoles(String name, SpecialRole role) {
        String key = "tokenizer.ggml." + name + "_token_id";
        assertThat(spec(tokens("a").put(key, GgufImage.UINT32, 7)).specialIds())
                .isEqualTo(Map.of(role, 7));
        assertThat(spec(tokens("a").put(key, GgufImage.INT32, -1)).specialIds()).isEmpty();
        assertThat(spec(tokens("a").put(key, GgufImage.UINT32, 0xFFFF_FFFFL)).specialIds())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "add_bos_token, ADD_BEGIN_OF_SEQUENCE", "add_eos_token, ADD_END_OF_SEQUENCE",
        "add_space_prefix, ADD_SPACE_PREFIX", "normalizer.lowercase, LOWERCASE",
        "normalizer.strip_accents, STRIP_ACCENTS"
    })
    void flagsAreSetEitherWay(String name, TokenizerFlag flag) {
        String key = "tokenizer.ggml." + name;
        assertThat(spec(tokens("a").put(key, GgufImage.BOOL, 1)).flags())
                .isEqualTo(Map.of(flag, true));
        assertThat(spec(tokens("a").put(key, GgufImage.BOOL, 0)).flags())
                .isEqualTo(Map.of(flag, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokens", "merges", "scores", "token_type", "pre", "model"})
    void aKeyOfAnotherTypeIsRefusedByName(String name) {
        String key = "tokenizer.ggml." + name;
        GgufImage image = name.equals("model") ? new GgufImage() : tokens("a");
        image.entries.removeIf(entry -> entry.key().text().equals(key));
        image.put(key, GgufImage.FLOAT32, 0);
        assertThatThrownBy(() -> specOf(image))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(key);
    }
}
