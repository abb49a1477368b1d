package autark.text.token;

import static org.assertj.core.api.Assertions.assertThat;

import autark.text.token.Tokenizer.Specials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WordPieceTokenizerTest {
    private static SpecBuilder words() {
        return SpecBuilder.wordPiece(
                "▁play", "▁pl", "ing", "ed", "▁a", "▁the", "▁.", "▁'", "▁$", "▁€", "▁中", "▁cafe",
                "▁café", "▁straße", "▁ᄒ", "▁A");
    }

    private static String encode(SpecBuilder spec, String text) {
        Tokenizer tokenizer = spec.build();
        StringBuilder pieces = new StringBuilder();
        for (int token : tokenizer.encode(text, Specials.PARSED)) {
            pieces.append(pieces.isEmpty() ? "" : ",").append(tokenizer.piece(token));
        }
        return pieces.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    playing      | ▁play,ing
                    pled         | ▁pl,ed
                    play ing     | ▁play,[UNK]
                    THE PlayED   | ▁the,▁play,ed
                    a.a          | ▁a,▁.,▁a
                    it's         | [UNK],▁',[UNK]
                    a$a          | ▁a,▁$,▁a
                    a€a          | [UNK]
                    €            | ▁€
                    a中a         | ▁a,▁中,▁a
                    Café         | ▁cafe
                    straße       | ▁straße
                    한           | ▁ᄒ
                    playx        | [UNK]
                    [UNK] a      | [UNK],▁a
                    """)
    void spells(String text, String pieces) {
        assertThat(encode(words(), text)).isEqualTo(pieces);
    }

    @Test
    void accentsOfTheirOwnAreRemoved() {
        assertThat(encode(words(), "cafe\u0301")).isEqualTo("▁cafe");
    }

    @Test
    void allWhiteSpaceOfUnicodeParts() {
        assertThat(encode(words(), "a\u00A0a\u3000a\ta\u0085a\u2028a"))
                .isEqualTo("▁a,▁a,▁a,▁a,▁a,▁a");
    }

    @Test
    void controlCharactersAreLeftOut() {
        assertThat(encode(words(), "p\0lay\u200Bing\uFFFD")).isEqualTo("▁play,ing");
    }

    @Test
    void nothingIsNoWord() {
        assertThat(encode(words(), "")).isEmpty();
        assertThat(encode(words(), " \t\u0000 ")).isEmpty();
    }

    @Test
    void aWordThatFailsHalfwayIsUnknownAsAWhole() {
        assertThat(words().build().encode("playzed", Specials.AS_TEXT)).containsExactly(0);
    }

    @Test
    void capitalsAndAccentsStayWhereTheFileSaysSo() {
        SpecBuilder spec = words().flag(TokenizerFlag.LOWERCASE, false);
        assertThat(encode(spec, "A a café")).isEqualTo("▁A,▁a,▁café");
        spec.flag(TokenizerFlag.STRIP_ACCENTS, true);
        assertThat(encode(spec, "café")).isEqualTo("▁cafe");
    }

    @Test
    void decodesWithASpaceBeforeEachWord() {
        SpecBuilder spec = words();
        assertThat(spec.build().decode(spec.ids("▁the", "▁play", "ing")))
                .asString()
                .isEqualTo(" the playing");
    }
}
