package autark.text.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.text.token.Tokenizer.Specials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
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
        Collections.shuffle(names, new Random(1));
        spec.userDefined(names.toArray(String[]::new));
        int[] tokens = spec.build().encode("x".repeat(5_000), Specials.AS_TEXT);
        assertThat(tokens)
                .containsExactly(spec.ids("x".repeat(2_000), "x".repeat(2_000), "x".repeat(1_000)));
    }

    @Test
    void entriesThatAreTooLong() {
        String text = "x".repeat(Vocabulary.ENTRY_BYTES_MAX + 1);
        refused(bytePair().token(text, TokenType.NORMAL, 0))
                .hasMessageContaining("token 257 has " + text.length() + " bytes");
        refused(bytePair().merge("x " + text)).hasMessageContaining("merge 1 has");
    }

    @Test
    void anyVocabularyIsRefusedOrWorks() {
        int worked = 0;
        for (long seed = 1; seed <= 20_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            TokenizerSpec spec = randomSpec(random);
            try {
                Tokenizer tokenizer = Tokenizer.of(spec);
                String text = randomText(random, 30);
                for (Specials specials : Specials.values()) {
                    int[] tokens = tokenizer.encode(text, specials);
                    assertThat(Arrays.stream(tokens).boxed())
                            .as("seed %d", seed)
                            .allMatch(token -> token >= 0 && token < tokenizer.vocabSize());
                    assertThat(tokenizer.decode(tokens)).isNotNull();
                }
                worked++;
            } catch (TokenizerException e) {
                assertThat(e)
                        .as("seed %d", seed)
                        .hasMessageMatching("(?s).*(expected|token|merge|same).*");
            }
        }
        assertThat(worked).isGreaterThan(1_000);
    }

    private static TokenizerSpec randomSpec(SplittableRandom random) {
        String[] models = {"gpt2", "llama", "bert"};
        SpecBuilder spec = new SpecBuilder(models[random.nextInt(models.length)]);
        Set<String> texts = new HashSet<>();
        for (int i = random.nextInt(40); i > 0; i--) {
            String text = randomText(random, 4);
            if (texts.add(text) || random.nextInt(200) == 0) {
                boolean odd = random.nextInt(500) == 0;
                spec.token(text, TokenType.NORMAL, odd ? Float.NaN : random.nextInt(8) / 4.0f)
                        .type(text, odd ? random.nextInt() : random.nextInt(6));
            }
        }
        for (int i = random.nextInt(20); i > 0; i--) {
            boolean odd = random.nextInt(200) == 0;
            spec.merge(randomText(random, 3) + (odd ? "" : "x x") + randomText(random, 3));
        }
        for (SpecialRole role : SpecialRole.values()) {
            spec.role(role, random.nextInt(100) - 10);
        }
        return spec.preTokenizer(random.nextBoolean() ? "llama-bpe" : "deepseek-llm").spec();
    }

    private static String randomText(SplittableRandom random, int lengthMax) {
        int[] characters = "ab Ġ▁<>0x1é中😁\n".codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(lengthMax + 1); i > 0; i--) {
            text.appendCodePoint(characters[random.nextInt(characters.length)]);
        }
        return text.toString();
    }
}
