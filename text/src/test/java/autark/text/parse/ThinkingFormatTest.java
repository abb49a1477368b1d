package autark.text.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which tags a template knows.
class ThinkingFormatTest {
    @ParameterizedTest
    @CsvSource({
        "{{ content.split('</think>')[-1] }}, <think>, </think>",
        "{{ '<think>\\n\\n</think>' }}, <think>, </think>",
        "{{ '[THINK]' + block.thinking + '[/THINK]' }}, [THINK], [/THINK]",
        "{% set end = '</seed:think>' %}, <seed:think>, </seed:think>",
        "{{ '</thinking>' }}, <thinking>, </thinking>",
        "<|START_THINKING|><|END_THINKING|>, <|START_THINKING|>, <|END_THINKING|>",
        "{{ '<|channel>thought\\n<channel|>' }}, <|channel>thought, <channel|>",
    })
    void tagsAreFoundInTheTemplate(String template, String open, String close) {
        assertThat(ThinkingFormat.of(template)).contains(new ThinkingFormat(open, close));
    }

    @Test
    void othersDoNotThink() {
        assertThat(ThinkingFormat.of("{% for m in messages %}{{ m.content }}{% endfor %}"))
                .isEmpty();
        assertThat(ThinkingFormat.of("{{ 'think first' }}")).isEmpty();
    }

    @Test
    void blankTagsAreRefused() {
        assertThatThrownBy(() -> new ThinkingFormat("", "</think>"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ThinkingFormat("<think>", " "))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
