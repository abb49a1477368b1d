package autark.text.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.text.token.Tokenizer.Specials;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Vocabularies that are wrong, by accident or on purpose: refused by an error that names the
/// entry, or harmless.
final class HostileVocabularyTest {
    private static AbstractThrowableAssert<?, ?> refused(SpecBuilder spec) {
        return assertThatThrownBy(spec::build).isInstanceOf(TokenizerException.class);
    }

    private static SpecBuilder bytePair() {
        return SpecBuilder.bytePair("gpt-2").merges("a b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<0x-1>", "<0x1>", "<0xGG>", "<0x123>", "0x41", "", "<0x４１>"})
    void byteTokensThatNameNoByte(String text) {
        SpecBuilder spec = SpecBuilder.sentencePiece().token(text, TokenType.BYTE, 0);
        refused(spec)
                .hasMessageContaining("token 259 '" + text + "'")
                .hasMessageContaining("<0x0A>");
    }

    @Test
    void tokensThatStandTwice() {
        refused(bytePair().token("ab", TokenType.NORMAL, 0))
                .hasMessageContaining("token 257 'ab'")
                .hasMessageContaining("token 256");
    }

    @Test
    void emptyTokensAreNeverUsed() {
        SpecBuilder spec =
                bytePair()
                        .token("", TokenType.NORMAL, 0)
                        .token("", TokenType.CONTROL, 0)
                        .token("", TokenType.USER_DEFINED, 0);
        Tokenizer tokenizer = spec.build();
        assertThat(tokenizer.encode("ab", Specials.PARSED)).containsExactly(spec.ids("ab"));
        assertThat(tokenizer.decode(257, 258, 259)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 7, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void typesThatDoNotExist(int code) {
        refused(bytePair().type("ab", code)).hasMessageContaining("token 256 has type " + code);
    }

    @Test
    void tooFewTypes() {
        refused(bytePair().dropLastType())
                .hasMessageContaining("256 token types")
                .hasMessageContaining("257 tokens");
    }

    @Test
    void tooFewScores() {
        refused(SpecBuilder.sentencePiece().dropLastScore())
                .hasMessageContaining("258 scores")
                .hasMessageContaining("259 tokens");
    }

    @Test
    void scoresThatAreNoNumbers() {
        refused(SpecBuilder.sentencePiece().token("x", TokenType.NORMAL, Float.NaN))
                .hasMessageContaining("token 259 'x'")
                .hasMessageContaining("NaN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "", " ", " ab", "ab ", "a"})
    void mergesThatAreNotTwoTexts(String merge) {
        refused(bytePair().merge(merge)).hasMessageContaining("merge 1 '" + merge + "'");
    }

    @Test
    void noMerges() {
        refused(SpecBuilder.bytePair("gpt-2")).hasMessageContaining("0 merges");
    }

    @Test
    void noTokens() {
        refused(new SpecBuilder("llama")).hasMessageContaining("0 tokens");
        refused(new SpecBuilder("bert")).hasMessageContaining("0 tokens");
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5", "rwkv", "plamo2", "gemma4", "", "GPT2"})
    void otherKinds(String model) {
        refused(new SpecBuilder(model).token("a", TokenType.NORMAL, 0))
                .hasMessageContaining("'" + model + "'")
                .hasMessageContaining("gpt2, llama or bert");
    }

    @Test
    void idsOutsideTheVocabularyCountAsNotGiven() {
        Tokenizer tokenizer =
                bytePair()
                        .role(SpecialRole.BEGIN_OF_SEQUENCE, 257)
                        .role(SpecialRole.END_OF_SEQUENCE, -1)
                        .role(SpecialRole.PADDING, Integer.MAX_VALUE)
                        .build();
        assertThat(tokenizer.beginOfSequence()).isEmpty();
        assertThat(tokenizer.endOfTurn()).isEmpty();
        assertThat(tokenizer.special(SpecialRole.PADDING)).isEmpty();
        Tokenizer pieces =
                SpecBuilder.sentencePiece().role(SpecialRole.END_OF_SEQUENCE, 100_000).build();
        assertThat(pieces.endOfSequence()).hasValue(2);
    }

    @Test
    void aVocabularyTooSmallForItsUnknownToken() {
        refused(new SpecBuilder("bert").token("a", TokenType.NORMAL, 0))
                .hasMessageContaining("no token for what is unknown");
    }

    @Test
    void tooManyTokensAreRefusedBeforeAnythingIsMade() {
        int[] offsets = new int[Vocabulary.TOKEN_COUNT_MAX + 2];
        TokenizerSpec spec =
                new TokenizerSpec(
                        "llama",
                        "",
                        "",
                        new Vocabulary(
                                Utf8Strings.wrap(new byte[0], offsets),
                                new float[0],
                                new int[0],
                                Utf8Strings.empty()),
                        Map.of(),
                        Map.of());
        assertThatThrownBy(() -> Tokenizer.of(spec))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining((Vocabulary.TOKEN_COUNT_MAX + 1) + " tokens");
    }

    @Test
    void tokensThatAreNotUtf8AreKeptAsBytes() {
        byte[] bytes = {'a', (byte) 0xFF, (byte) 0xC3};
        TokenizerSpec spec =
                new TokenizerSpec(
                        "llama",
                        "",
                        "",
                        new Vocabulary(
                                Utf8Strings.wrap(bytes, new int[] {0, 1, 2, 3}),
                                new float[3],
                                new int[] {2, 4, 3},
                                Utf8Strings.empty()),
                        Map.of(),
                        Map.of());
        Tokenizer tokenizer = Tokenizer.of(spec);
        assertThat(tokenizer.decode(1, 2)).containsExactly(0xFF, 0xC3);
        assertThat(tokenizer.encode("\uFFFD", Specials.AS_TEXT)).isNotEmpty();
    }

    @Test
    void offsetsOfStringsAreChecked() {
        byte[] bytes = new byte[4];
        List<int[]> wrong =
                List.of(new int[0], new int[] {-1, 2}, new int[] {0, 5}, new int[] {0, 3, 2});
        for (int[] offsets : wrong) {
            assertThatThrownBy(() -> Utf8Strings.wrap(bytes, offsets))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void textsTooLongAreRefusedWithBothNumbers() {
        Tokenizer tokenizer = bytePair().build();
        String text = "a".repeat(Tokenizer.TEXT_CHARS_MAX + 1);
        assertThatThrownBy(() -> tokenizer.encode(text, Specials.AS_TEXT))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining(Integer.toString(Tokenizer.TEXT_CHARS_MAX))
                .hasMessageContaining(Integer.toString(text.length()));
    }

    @Test
    void thousandsOfTokensThatStartAlike() {
        SpecBuilder spec = SpecBuilder.sentencePiece();
        List<String> names = new ArrayList<>();
        for (int length = 1; length <= 2_000; length++) {
            names.add("x".repeat(length));
        }
        Collections.shuffle(names, new java.util.Random(1));
        spec.userDefined(names.toArray(String[]::new));
        int[] tokens = spec.build().encode("x".repeat(5_000), Specials.AS_TEXT);
        assertThat(tokens)
                .containsExactly(spec.ids("x".repeat(2_000), "x".repeat(2_000), "x".repeat(1_000)));
    }
}
