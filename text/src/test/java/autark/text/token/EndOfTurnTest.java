package autark.text.token;

import static org.assertj.core.api.Assertions.assertThat;

import autark.text.token.Tokenizer.Specials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EndOfTurnTest {
    private static SpecBuilder spec() {
        return SpecBuilder.bytePair("gpt-2").merges("a b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<end_of_turn>",
                        "<|endoftext|>",
                "<|end_of_text|>", "</s>", "<EOT>", "<｜end▁of▁sentence｜>", "<|return|>",
                        "<|fim_pad|>",
                "<|repo_name|>", "<reponame>", "<|file_sep|>"
            })
    void namesTellWhatEndsATurn(String name) {
        SpecBuilder spec = spec().control("<|other|>", name);
        assertThat(spec.build().endOfTurn()).containsExactly(spec.id(name));
    }

    @Test
    void allOfThemEndATurn() {
        SpecBuilder spec = spec().control("<|im_end|>", "<|endoftext|>", "<final>", "<pause>");
        spec.role(SpecialRole.END_OF_SEQUENCE, spec.id("<final>"))
                .role(SpecialRole.END_OF_MESSAGE, spec.id("<pause>"))
                .role(SpecialRole.PADDING, spec.id("a"));
        assertThat(spec.build().endOfTurn())
                .containsExactlyInAnyOrder(
                        spec.id("<|im_end|>"),
                        spec.id("<|endoftext|>"),
                        spec.id("<final>"),
                        spec.id("<pause>"));
    }

    @Test
    void aNameCountsEvenIfTheFileGivesTheTokenANormalType() {
        SpecBuilder spec = spec().token("<|im_end|>", TokenType.NORMAL, 0);
        Tokenizer tokenizer = spec.build();
        int end = spec.id("<|im_end|>");
        assertThat(tokenizer.endOfTurn()).containsExactly(end);
        assertThat(tokenizer.encode("<|im_end|>", Specials.PARSED)).containsExactly(end);
        assertThat(tokenizer.encode("<|im_end|>", Specials.AS_TEXT)).doesNotContain(end);
        assertThat(tokenizer.newStreamDecoder().next(end)).isEmpty();
    }

    @Test
    void whereToolsAreCalledByTokensTheEndOfAMessageIsNoEndOfTurn() {
        SpecBuilder spec = spec().control("<|return|>", "<|call|>", "<|end|>", "<|channel|>");
        Tokenizer tokenizer = spec.build();
        assertThat(tokenizer.endOfTurn())
                .containsExactly(spec.id("<|return|>"), spec.id("<|call|>"));
        assertThat(tokenizer.newStreamDecoder().next(spec.id("<|end|>"))).isEqualTo("<|end|>");
        assertThat(tokenizer.newStreamDecoder().next(spec.id("<|channel|>")))
                .isEqualTo("<|channel|>");
    }

    @Test
    void whereATokenHandsOverToAToolTheHtmlTagIsText() {
        SpecBuilder spec = spec().control("<|tool_response>", "</s>");
        assertThat(spec.build().endOfTurn()).containsExactly(spec.id("<|tool_response>"));
    }

    @Test
    void rolesComeFromTheFileThenFromTheNames() {
        SpecBuilder spec = spec().control("<|im_end|>", "<turn-end>", "<|fim_prefix|>");
        assertThat(spec.build().special(SpecialRole.END_OF_TURN)).hasValue(spec.id("<|im_end|>"));
        assertThat(spec.build().special(SpecialRole.FIM_PREFIX))
                .hasValue(spec.id("<|fim_prefix|>"));
        assertThat(spec.build().special(SpecialRole.MASK)).isEmpty();
        spec.role(SpecialRole.END_OF_TURN, spec.id("<turn-end>"));
        assertThat(spec.build().special(SpecialRole.END_OF_TURN)).hasValue(spec.id("<turn-end>"));
        assertThat(spec.build().endOfTurn())
                .containsExactly(spec.id("<|im_end|>"), spec.id("<turn-end>"));
    }

    @Test
    void kindsHaveTheirUsualRoles() {
        Tokenizer tokenizer = SpecBuilder.sentencePiece().build();
        assertThat(tokenizer.beginOfSequence()).hasValue(1);
        assertThat(tokenizer.endOfSequence()).hasValue(2);
        assertThat(tokenizer.special(SpecialRole.UNKNOWN)).hasValue(0);
        assertThat(tokenizer.addsBeginOfSequence()).isTrue();
        assertThat(tokenizer.addsEndOfSequence()).isFalse();
        assertThat(tokenizer.endOfTurn()).containsExactly(2);
    }
}
