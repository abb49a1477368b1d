package autark.text.token;

import static org.assertj.core.api.Assertions.assertThat;

import autark.text.token.Tokenizer.Specials;
import org.junit.jupiter.api.Test;

final class SpecialsInTextTest {
    private final SpecBuilder spec =
            SpecBuilder.bytePair("gpt-2")
                    .merges("Ġ a")
                    .control("<|im_start|>", "<|im_end|>")
                    .userDefined("<tool>")
                    .token("<unk>", TokenType.UNKNOWN, 0)
                    .token("<unused>", TokenType.UNUSED, 0);

    @Test
    void controlTokensAreFoundOnlyInATemplatesText() {
        Tokenizer tokenizer = spec.build();
        assertThat(tokenizer.encode("<|im_start|> a<unk>", Specials.PARSED))
                .containsExactly(spec.ids("<|im_start|>", "Ġa", "<unk>"));
        assertThat(tokenizer.encode("<|im_start|> a<unk>", Specials.AS_TEXT))
                .doesNotContain(spec.ids("<|im_start|>"))
                .doesNotContain(spec.ids("<unk>"));
    }

    @Test
    void userDefinedTokensAreFoundInAnyText() {
        Tokenizer tokenizer = spec.build();
        for (Specials specials : Specials.values()) {
            assertThat(tokenizer.encode("a<tool> a", specials))
                    .containsExactly(spec.ids("a", "<tool>", "Ġa"));
        }
    }

    @Test
    void tokensOfOtherTypesAreText() {
        assertThat(spec.build().encode("<unused>", Specials.PARSED))
                .doesNotContain(spec.id("<unused>"));
    }

    @Test
    void controlTokensDecodeToTheirNamesAndUnusedOnesToNothing() {
        Tokenizer tokenizer = spec.build();
        assertThat(tokenizer.decode(spec.ids("<|im_start|>", "Ġa", "<tool>", "<unused>")))
                .asString()
                .isEqualTo("<|im_start|> a<tool>");
        assertThat(tokenizer.piece(spec.id("Ġa"))).isEqualTo("Ġa");
    }

    @Test
    void specialTokensOfPhi3SwallowTheSpaceAfterThem() {
        SpecBuilder phi =
                SpecBuilder.sentencePiece()
                        .control("<|end|>", "<|endoftext|>")
                        .modelName("Phi-3-mini");
        // A space that is left comes with the one put before it; both are spelled in bytes.
        String[] twoSpaces = {"<0xE2>", "<0x96>", "<0x81>", "<0xE2>", "<0x96>", "<0x81>"};
        assertThat(phi.build().encode("<|end|> \n<s>", Specials.PARSED))
                .containsExactly(phi.ids("<|end|>", "<s>"));
        assertThat(phi.build().encode("<|end|> \t", Specials.PARSED))
                .containsExactly(phi.ids("<|end|>"));
        assertThat(phi.build().encode("<|endoftext|> ", Specials.PARSED))
                .startsWith(phi.id("<|endoftext|>"))
                .endsWith(phi.ids(twoSpaces));
    }

    @Test
    void theMaskOfJinaSwallowsTheSpaceBeforeIt() {
        SpecBuilder jina =
                SpecBuilder.bytePair("jina-v2-de").merges("Ġ a").control("<mask>", "<s>");
        assertThat(jina.build().encode("a <mask> a <s>", Specials.PARSED))
                .containsExactly(jina.ids("a", "<mask>", "Ġa", "Ġ", "<s>"));
    }
}
