package autark.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PromptLookupTest {
    @Test
    void whatFollowedTheLastThreeTokensLastTimeIsGuessed() {
        PromptLookup lookup = new PromptLookup();
        TokenList tokens = new TokenList(1, 2, 3, 4, 5, 6, 1, 2, 3);
        assertThat(lookup.draft(tokens, 2)).containsExactly(4, 5);
        assertThat(lookup.draft(tokens, 20)).containsExactly(4, 5, 6, 1, 2, 3);
        assertThat(lookup.draft(new TokenList(1, 2, 3, 7, 1, 2, 3, 8, 1, 2, 3), 1))
                .containsExactly(8);
    }

    @Test
    void whatWasNeverThereIsNotGuessed() {
        PromptLookup lookup = new PromptLookup();
        assertThat(lookup.draft(new TokenList(1, 2, 3, 4, 2, 3), 5)).isEmpty();
        assertThat(lookup.draft(new TokenList(1), 5)).isEmpty();
        assertThat(lookup.draft(new TokenList(1, 1, 1), 5)).isEmpty();
    }
}
