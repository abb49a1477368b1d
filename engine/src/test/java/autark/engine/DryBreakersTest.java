package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import autark.engine.sample.DryBreakers;
import autark.engine.sample.SamplingException;
import autark.engine.sample.TokenSet;
import autark.text.token.Tokenizer;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DryBreakersTest {
    private final Tokenizer tokenizer = TestVocabulary.tokenizer();

    @Test
    void areAllTokensThatHoldTheText() {
        assertThat(DryBreakers.of(tokenizer, List.of("\n", "i")))
                .isEqualTo(
                        TokenSet.of(
                                '\n',
                                'i',
                                TestVocabulary.TURN_START,
                                TestVocabulary.TURN_END,
                                TestVocabulary.THINK_OPEN,
                                TestVocabulary.THINK_CLOSE));
        assertThat(DryBreakers.of(tokenizer, List.of("im_"))).hasToString("[258, 259]");
        assertThat(DryBreakers.of(tokenizer, List.of())).isEqualTo(TokenSet.none());
    }

    @Test
    void theStandardOnesAreThoseThatThereAre() {
        assertThat(DryBreakers.standard(tokenizer)).isEqualTo(TokenSet.of('\n', ':', '"', '*'));
    }

    @Test
    void aTextThatNoTokenHoldsIsRefused() {
        refused(List.of("\n", "ab"), "dry breaker: found \"ab\", expected a text that one token");
        refused(List.of(""), "dry breaker: found an empty text");
        refused(Collections.nCopies(65, ":"), "dry breakers: found 65, expected at most 64");
    }

    private void refused(List<String> texts, String message) {
        assertThatExceptionOfType(SamplingException.class)
                .isThrownBy(() -> DryBreakers.of(tokenizer, texts))
                .withMessageStartingWith(message);
    }
}
