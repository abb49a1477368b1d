package autark.text.token;

import static org.assertj.core.api.Assertions.assertThat;

import autark.text.token.Tokenizer.Specials;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SentencePieceTokenizerTest {
    private static SpecBuilder letters() {
        SpecBuilder spec = SpecBuilder.sentencePiece();
        for (String letter : List.of("▁", "a", "b", "c", "d", "é")) {
            spec.token(letter, TokenType.NORMAL, -1000);
        }
        return spec;
    }

    private static int[] encode(SpecBuilder spec, String text) {
        return spec.build().encode(text, Specials.AS_TEXT);
    }

    @Test
    void theHighestScoreGoesFirst() {
        SpecBuilder spec =
                letters()
                        .token("ab", TokenType.NORMAL, -2)
                        .token("bc", TokenType.NORMAL, -1)
                        .token("▁ab", TokenType.NORMAL, -3);
        assertThat(encode(spec, "abc")).containsExactly(spec.ids("▁", "a", "bc"));
        assertThat(encode(spec, "ab")).containsExactly(spec.ids("▁ab"));
        assertThat(encode(spec.score("ab", 5), "abc")).containsExactly(spec.ids("▁ab", "c"));
    }

    @Test
    void ofEqualScoresTheLeftmostGoesFirst() {
        SpecBuilder spec =
                letters().token("ab", TokenType.NORMAL, 0.0f).token("bc", TokenType.NORMAL, -0.0f);
        assertThat(encode(spec, "abc")).containsExactly(spec.ids("▁", "ab", "c"));
    }

    @Test
    void scoresMayBeInfinite() {
        SpecBuilder spec =
                letters()
                        .token("ab", TokenType.NORMAL, Float.NEGATIVE_INFINITY)
                        .token("bc", TokenType.NORMAL, Float.POSITIVE_INFINITY);
        assertThat(encode(spec, "abc")).containsExactly(spec.ids("▁", "a", "bc"));
        assertThat(encode(spec, "ab")).containsExactly(spec.ids("▁", "ab"));
    }

    @Test
    void whatIsNoTokenIsSpelledInBytes() {
        SpecBuilder spec = letters();
        assertThat(encode(spec, "a中"))
                .containsExactly(spec.ids("▁", "a", "<0xE4>", "<0xB8>", "<0xAD>"));
        assertThat(spec.build().decode(encode(spec, "a中"))).asString().isEqualTo("a中");
    }

    @Test
    void aByteWithoutATokenIsUnknown() {
        SpecBuilder spec = letters().without("<0xB8>");
        assertThat(encode(spec, "中")).containsExactly(spec.ids("▁", "<0xE4>", "<unk>", "<0xAD>"));
    }

    @Test
    void aTokenOfOneByteStandsInForAMissingByteToken() {
        SpecBuilder spec = letters().without("<0x7A>").token("z", TokenType.NORMAL, -1);
        assertThat(encode(spec, "z")).containsExactly(spec.ids("▁", "z"));
    }

    @Test
    void aPairMayJoinAlthoughItsCharactersAreNoTokens() {
        SpecBuilder spec = letters().token("中文", TokenType.NORMAL, -1);
        assertThat(encode(spec, "中文")).containsExactly(spec.ids("▁", "中文"));
    }

    @Test
    void aSpaceComesBeforeATextAndAfterEachSpecialTokenUnlessTheFileSaysNo() {
        SpecBuilder spec = letters().userDefined("<x>").control("<|end|>");
        assertThat(encode(spec, "a")).containsExactly(spec.ids("▁", "a"));
        assertThat(encode(spec, "a<x>b")).containsExactly(spec.ids("▁", "a", "<x>", "▁", "b"));
        assertThat(spec.build().encode("<|end|> a", Specials.PARSED))
                .containsExactly(spec.ids("<|end|>", "▁", "▁", "a"));
        spec.flag(TokenizerFlag.ADD_SPACE_PREFIX, false);
        assertThat(encode(spec, "a<x>b")).containsExactly(spec.ids("a", "<x>", "b"));
        assertThat(encode(spec, "")).isEmpty();
    }

    @Test
    void spacesAreKeptOneByOneAndTheMarkItselfCountsAsASpace() {
        SpecBuilder spec = letters().token("▁▁", TokenType.NORMAL, -1);
        assertThat(encode(spec, " a▁b")).containsExactly(spec.ids("▁▁", "a", "▁", "b"));
        assertThat(encode(spec, "   ")).containsExactly(spec.ids("▁▁", "▁▁"));
    }

    @Test
    void aTokenWithASpaceInsideIsFound() {
        SpecBuilder spec =
                letters()
                        .token("▁b", TokenType.NORMAL, -2)
                        .token("a▁b", TokenType.NORMAL, -3)
                        .token("é▁b", TokenType.NORMAL, -3);
        assertThat(encode(spec, "a b b")).containsExactly(spec.ids("▁", "a▁b", "▁b"));
        assertThat(encode(spec, "é b")).containsExactly(spec.ids("▁", "é▁b"));
        assertThat(encode(spec, "c b")).containsExactly(spec.ids("▁", "c", "▁b"));
    }

    @Test
    void decodingKeepsAllButTheFirstSpace() {
        SpecBuilder spec = letters().control("<|end|>");
        Tokenizer tokenizer = spec.build();
        assertThat(tokenizer.decode(spec.ids("▁", "▁", "a", "▁"))).asString().isEqualTo(" a ");
        assertThat(tokenizer.decode(spec.ids("<|end|>", "▁", "a")))
                .asString()
                .isEqualTo("<|end|> a");
        assertThat(tokenizer.decode()).isEmpty();
    }

    @Test
    void anyTextComesBack() {
        Tokenizer tokenizer =
                letters()
                        .token("ab", TokenType.NORMAL, -2)
                        .token("▁a", TokenType.NORMAL, -2)
                        .token("b▁c", TokenType.NORMAL, -1)
                        .build();
        for (long seed = 1; seed <= 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                text.appendCodePoint("abc é中 \n😁".codePoints().toArray()[random.nextInt(9)]);
            }
            byte[] decoded = tokenizer.decode(tokenizer.encode(text.toString(), Specials.AS_TEXT));
            assertThat(new String(decoded, StandardCharsets.UTF_8))
                    .as("seed %d", seed)
                    .isEqualTo(text.toString());
        }
    }
}
