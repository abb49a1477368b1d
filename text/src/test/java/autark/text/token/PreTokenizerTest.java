package autark.text.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The words of one text by each pre-tokenizer. The golden tests hold the tables against another
/// implementation; this one stands alone.
final class PreTokenizerTest {
    private static final String TEXT = "I'VE·it's·12345·héWorld·É·<x>a⏎⏎··ok!!/⏎中文。か·e\u0301·⇥·";

    /// A line each; a bar is a cut, a dot a space, and arrows are line end and tabulator.
    private static final String WORDS =
            """
            DEFAULT           I|'|VE|·it|'|s|·|123|45|·héWorld|·É|·|<|x|>|a|⏎⏎·|·ok|!!/|⏎|中文|。|か|·e|́|·⇥·
            GPT_2             I|'|VE|·it|'s|·12345|·héWorld|·É|·<|x|>|a|⏎⏎·|·ok|!!/|⏎|中文|。|か|·e|́|·⇥·
            SMOLLM            I|'|VE|·it|'s|·|1|2|3|4|5|·héWorld|·É|·<|x|>|a|⏎⏎·|·ok|!!/|⏎|中文|。|か|·e|́|·⇥·
            FALCON            I|'|VE|·it|'|s|·|123|45|·héWorld|·É|·|<|x|>|a|⏎⏎·|·ok|!!/|⏎|中文|。|か|·e|́|·⇥·
            LLAMA_3           I|'VE|·it|'s|·|123|45|·héWorld|·É|·<|x|>a|⏎⏎|·|·ok|!!/⏎|中文|。か|·e|́|·⇥·
            GLM_4             I|'VE|·it|'s|·|123|45|·héWorld|·É|·<|x|>a|⏎⏎|·|·ok|!!/⏎|中文|。か|·e|́|·⇥·
            DBRX              I|'VE|·it|'s|·|123|45|·héWorld|·É|·<|x|>a|⏎⏎|·|·ok|!!/⏎|中文|。か|·e|́|·⇥·
            JAIS_2            I|'VE|·it|'s|·|123|45|·héWorld|·É|·<|x|>a|⏎⏎|·|·ok|!!/⏎|中文|。か|·e|́|·⇥|·
            MINICPM_5         I|'VE|·it|'s|·|123|45|·héWorld|·É|·<|x|>a|⏎⏎|·|·ok|!!/⏎|中文|。か|·e|́|·⇥·
            QWEN_2            I|'VE|·it|'s|·|1|2|3|4|5|·héWorld|·É|·<|x|>a|⏎⏎|·|·ok|!!/⏎|中文|。か|·e|́|·⇥·
            QWEN_35           I|'VE|·it|'s|·|1|2|3|4|5|·héWorld|·É|·<|x|>a|⏎⏎|·|·ok|!!/⏎|中文|。か|·é|·⇥·
            UFAKZEKA          I|'VE|·it|'s|·|1|2|3|4|5|·héWorld|·É|·<|x|>a|⏎⏎|·|·ok|!!/⏎|中文|。か|·e|́|·⇥·
            LAGUNA            I|'VE|·it|'s|·|1|2|3|4|5|·héWorld|·É|·<|x|>a|⏎⏎|·|·ok|!!/|⏎|中文|。か|·e|́|·⇥·
            BAILING_MOE       I|'VE|·it|'s|·|1|2|3|4|5|·héWorld|·É|·<|x|>a|⏎⏎|·|·ok|!!/⏎|中文|。か|·e|́|·⇥·
            SEED_CODER        I|'VE|·it|'s|·|1|2|3|4|5|·héWorld|·É|·<|x|>a|⏎⏎|·|·ok|!!/|⏎|中文|。か|·e|́|·⇥·
            TEKKEN            I|'VE|·it|'s|·|1|2|3|4|5|·hé|World|·É|·<|x|>a|⏎⏎|·|·ok|!!/⏎|中文|。か|·e|́|·⇥·
            GPT_4O            I'VE|·it's|·|123|45|·hé|World|·É|·<|x|>a|⏎⏎|·|·ok|!!/⏎|中文|。か|·e|́|·⇥·
            GRANITE_EMBEDDING I'VE|·it's|·|123|45|·hé|World|·É|·<|x|>a|⏎⏎|·|·ok|!!/⏎|中文|。か|·é|·⇥·
            YOUTU             I'VE|·it's|·|1|2|3|4|5|·héWorld|·É|·<|x|>a|⏎⏎|·|·ok|!!/⏎|中文|。|か|·é|·⇥·
            DEEPSEEK_LLM      I|'|VE|·it|'|s|·|12345|·h|é|World|·É|·<|x|>|a|⏎|⏎|·|·ok|!!/|⏎|中文|。|か|·e|́|·⇥·
            DEEPSEEK_CODER    I|'|VE|·it|'|s|·|1|2|3|4|5|·héWorld|·É|·<|x|>|a|⏎|⏎|·|·ok|!!/|⏎|中文|。|か|·e|́·⇥·
            DEEPSEEK_3        I|'VE|·it|'s|·|123|45|·héWorld|·É|·<|x|>a|⏎⏎|·|·ok|!!/⏎|中文|。|か|·é|·⇥·
            SPARK_2_5         I|'VE|·it|'s|·|1|2|3|4|5|·héWorld|·É|·<|x|>a|⏎|⏎|·|·ok|!!/|⏎|中文|。|か|·é|·⇥·
            BLOOM             I'VE|·it's|·12345|·héWorld|·É|·<x>a|⏎⏎·|·ok|!!|/|⏎|中文|。|か|·é|·⇥·
            VIKING            I'VE|·it's|·|1|2|3|4|5|·héWorld|·É|·<x>a|⏎⏎·|·ok|!!|/|⏎|中文|。|か|·é|·⇥·
            CHAMELEON         I|'|VE|·it|'|s|·|1|2|3|4|5|·héWorld|·É|·|<|x|>|a|⏎|⏎|··|ok|!|!|/|⏎|中文|。|か|·e|́|·|⇥|·
            """;

    private static String legible(String text) {
        return text.replace(' ', '·').replace('\n', '⏎').replace('\t', '⇥');
    }

    private static String plain(String text) {
        return text.replace('·', ' ').replace('⏎', '\n').replace('⇥', '\t');
    }

    private static String cut(PreTokenizer preTokenizer, String text) {
        StringJoiner words = new StringJoiner("|");
        new WordCutter(preTokenizer.compile())
                .cut(text, 0, text.length(), (from, to) -> words.add(text.substring(from, to)));
        return words.toString();
    }

    @ParameterizedTest
    @EnumSource
    void cutsAsItsPatternsSay(PreTokenizer preTokenizer) {
        assertThat(WORDS.lines())
                .contains(
                        "%-17s %s"
                                .formatted(preTokenizer, legible(cut(preTokenizer, plain(TEXT)))));
    }

    /// What lies outside the piece, here the `x` after the spaces, has no influence.
    @ParameterizedTest
    @EnumSource
    void seesNothingOutsideThePiece(PreTokenizer preTokenizer) {
        StringJoiner words = new StringJoiner("|");
        String text = "a   x";
        new WordCutter(preTokenizer.compile())
                .cut(text, 1, 4, (from, to) -> words.add(text.substring(from, to)));
        assertThat(words.toString()).isEqualTo(cut(preTokenizer, "   "));
    }

    @ParameterizedTest
    @EnumSource
    void wordsTogetherAreTheText(PreTokenizer preTokenizer) {
        String text = plain(TEXT);
        assertThat(cut(preTokenizer, text).replace("|", "")).isEqualTo(text);
    }

    @Test
    void unknownNamesAreRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> SpecBuilder.bytePair("llama-7").merges("a b").build())
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("unknown pre-tokenizer 'llama-7'")
                .hasMessageContaining("llama-bpe")
                .hasMessageContaining("deepseek-r1-qwen")
                .hasMessageNotContaining("one of ,");
    }

    @Test
    void aFileWithoutNameGetsTheDefault() {
        assertThat(PreTokenizer.named("")).isEqualTo(PreTokenizer.DEFAULT);
    }

    @Test
    void noNameStandsTwice() {
        Map<String, PreTokenizer> seen = new TreeMap<>();
        for (PreTokenizer preTokenizer : PreTokenizer.values()) {
            for (String name : preTokenizer.names()) {
                assertThat(seen.put(name, preTokenizer)).as(name).isNull();
                assertThat(PreTokenizer.named(name)).isEqualTo(preTokenizer);
            }
        }
    }
}
