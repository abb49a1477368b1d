package autark.text.token;

import static org.assertj.core.api.Assertions.assertThat;

import autark.text.token.Tokenizer.Specials;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BytePairTokenizerTest {
    private static int[] encode(Tokenizer tokenizer, String text) {
        return tokenizer.encode(text, Specials.AS_TEXT);
    }

    @Test
    void joinsByTheOrderOfTheMergesNotOfTheText() {
        SpecBuilder spec = SpecBuilder.bytePair("gpt-2").merges("b c", "a b", "a bc");
        assertThat(encode(spec.build(), "abc")).containsExactly(spec.ids("abc"));
        assertThat(encode(spec.build(), "abab")).containsExactly(spec.ids("ab", "ab"));
    }

    @Test
    void ofEqualPairsTheLeftmostGoesFirst() {
        SpecBuilder spec = SpecBuilder.bytePair("gpt-2").merges("a a");
        assertThat(encode(spec.build(), "aaa")).containsExactly(spec.ids("aa", "a"));
    }

    @Test
    void spacesBelongToTheWordAfterThem() {
        SpecBuilder spec = SpecBuilder.bytePair("gpt-2").merges("Ġ a", "a Ġ");
        assertThat(encode(spec.build(), "a a")).containsExactly(spec.ids("a", "Ġa"));
    }

    @Test
    void aWordThatIsATokenIsKeptWholeWhereThePreTokenizerSaysSo() {
        SpecBuilder kept =
                SpecBuilder.bytePair("llama-bpe").merges("a b").token("abc", TokenType.NORMAL, 0);
        SpecBuilder joined =
                SpecBuilder.bytePair("dbrx").merges("a b").token("abc", TokenType.NORMAL, 0);
        for (int repeat = 0; repeat < 2; repeat++) {
            assertThat(encode(kept.build(), "abc")).containsExactly(kept.ids("abc"));
            assertThat(encode(joined.build(), "abc")).containsExactly(joined.ids("ab", "c"));
        }
    }

    @Test
    void whatWasFoundOutAboutAWordHoldsForTheNextText() {
        SpecBuilder spec =
                SpecBuilder.bytePair("gpt-2").merges("a b").token("abc", TokenType.NORMAL, 0);
        Tokenizer tokenizer = spec.build();
        int[] expected = spec.ids("ab", "c", "ab");
        assertThat(encode(tokenizer, "abc'sab")).startsWith(spec.ids("ab", "c"));
        for (int repeat = 0; repeat < 3; repeat++) {
            assertThat(encode(tokenizer, "abc\nab")).startsWith(spec.ids("ab", "c"));
            assertThat(encode(tokenizer, "ab")).containsExactly(expected[0]);
        }
    }

    @Test
    void manyThreadsGetTheSame() throws Exception {
        Tokenizer tokenizer =
                SpecBuilder.bytePair("gpt-2")
                        .merges("a b", "ab c", "Ġ a")
                        .token("abcd", TokenType.NORMAL, 0)
                        .build();
        String text = "abc abcd ab a";
        int[] expected = encode(tokenizer, text);
        Callable<Boolean> task =
                () -> {
                    boolean same = true;
                    for (int i = 0; i < 2_000; i++) {
                        same &= Arrays.equals(encode(tokenizer, text), expected);
                    }
                    return same;
                };
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Boolean> same : threads.invokeAll(Collections.nCopies(4, task))) {
                assertThat(same.get()).isTrue();
            }
        }
    }

    /// Some published vocabularies lack tokens for bytes that their training text did not have.
    @Test
    void bytesWithoutATokenAreDropped() {
        SpecBuilder spec = SpecBuilder.bytePair("smollm").merges("a b").without("é").without("z");
        Tokenizer tokenizer = spec.build();
        assertThat(encode(tokenizer, "azb\u00E9")).containsExactly(spec.ids("a", "b", "Ã", "©"));
        assertThat(encode(tokenizer, "zz")).isEmpty();
        assertThat(tokenizer.decode(encode(tokenizer, "azb"))).asString().isEqualTo("ab");
    }

    @Test
    void aMergeThatMakesNoTokenIsSpelledByItsAsciiCharacters() {
        SpecBuilder spec = SpecBuilder.bytePair("gpt-2").merge("a b").merges("ab c").merge("Ã ©");
        assertThat(encode(spec.build(), "ab")).containsExactly(spec.ids("a", "b"));
        assertThat(encode(spec.build(), "abc")).containsExactly(spec.ids("abc"));
        assertThat(encode(spec.build(), "xéx")).containsExactly(spec.ids("x", "x"));
    }

    @Test
    void aMergeOfUnknownTextsChangesNothing() {
        SpecBuilder spec = SpecBuilder.bytePair("gpt-2").merge("中 文").merges("a b");
        assertThat(encode(spec.build(), "ab")).containsExactly(spec.ids("ab"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\uD800b", "\uDC00", "x\uD83D", "\uDE01\uD83D"})
    void aLoneSurrogateCountsAsReplacementCharacter(String text) {
        SpecBuilder spec = SpecBuilder.bytePair("gpt-2").merges("a b");
        String replaced = text.replaceAll("[\uD800-\uDFFF]", "\uFFFD");
        assertThat(encode(spec.build(), text)).containsExactly(encode(spec.build(), replaced));
        assertThat(spec.build().decode(encode(spec.build(), text))).asString().isEqualTo(replaced);
    }

    @ParameterizedTest
    @EnumSource
    void anyTextComesBack(PreTokenizer preTokenizer) {
        Tokenizer tokenizer =
                SpecBuilder.bytePair(preTokenizer.names().getLast())
                        .merges("a b", "Ġ a", "Ġ Ġ", "ab Ġ", "Ã ©", "1 2", "Ċ Ċ", "ä ¸", "ä¸ Ń")
                        .userDefined("<tool>", "  ")
                        .control("<|end|>")
                        .build();
        for (long seed = 1; seed <= 300; seed++) {
            String text = randomText(new SplittableRandom(seed));
            for (Specials specials : Specials.values()) {
                int[] tokens = tokenizer.encode(text, specials);
                assertThat(new String(tokenizer.decode(tokens), StandardCharsets.UTF_8))
                        .as("seed %d, %s", seed, specials)
                        .isEqualTo(text);
            }
        }
    }

    private static String randomText(SplittableRandom random) {
        String[] parts = {
            "a", "b", " ", "\n", "é", "中", "12", "'s", "<|end|>", "<tool>", "<|", "\r\n", "\u3000",
            "!?"
        };
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
            if (random.nextInt(4) > 0) {
                text.append(parts[random.nextInt(parts.length)]);
            } else {
                int codePoint = random.nextInt(Character.MAX_CODE_POINT);
                boolean surrogate =
                        codePoint >= Character.MIN_SURROGATE
                                && codePoint <= Character.MAX_SURROGATE;
                text.appendCodePoint(surrogate ? 'x' : codePoint);
            }
        }
        return text.toString();
    }

    @Test
    void anyTokensDecodeToTheBytesOfEach() {
        SpecBuilder spec = SpecBuilder.bytePair("gpt-2").merges("Ġ a", "Ã ©");
        Tokenizer tokenizer = spec.build();
        int[] tokens = IntStream.range(0, tokenizer.vocabSize()).toArray();
        byte[] bytes = tokenizer.decode(tokens);
        for (int value = 0; value < 256; value++) {
            assertThat(bytes[value] & 0xFF).isEqualTo(value);
        }
        assertThat(new String(bytes, 256, bytes.length - 256, StandardCharsets.UTF_8))
                .isEqualTo(" aé");
    }

    @Test
    void theNamesOfThePreTokenizersDecideOnTheFirstToken() {
        assertThat(withBegin("llama-bpe").build().addsBeginOfSequence()).isTrue();
        assertThat(withBegin("tekken").build().addsBeginOfSequence()).isTrue();
        assertThat(withBegin("qwen2").build().addsBeginOfSequence()).isFalse();
        assertThat(
                        withBegin("llama-bpe")
                                .flag(TokenizerFlag.ADD_BEGIN_OF_SEQUENCE, false)
                                .build()
                                .addsBeginOfSequence())
                .isFalse();
        assertThat(SpecBuilder.bytePair("llama-bpe").merges("a b").build().addsBeginOfSequence())
                .isFalse();
    }

    private static SpecBuilder withBegin(String preTokenizer) {
        return SpecBuilder.bytePair(preTokenizer)
                .merges("a b")
                .role(SpecialRole.BEGIN_OF_SEQUENCE, 0);
    }
}
