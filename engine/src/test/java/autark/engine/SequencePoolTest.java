package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.SequencePool.Pooled;
import autark.model.Span;
import org.junit.jupiter.api.Test;

final class SequencePoolTest {
    private final ScriptedModel model = ScriptedModel.babbling();
    private final SequencePool pool = new SequencePool(model, 2);
    private final TokenList story = new TokenList(1, 2, 3, 4, 5, 6, 7, 8);
    private final TokenList other = new TokenList(9, 9, 9, 9);

    @Test
    void anOwnerKeepsItsSequence() {
        Pooled first = read("a", story);
        read("b", other);
        assertThat(pool.acquire("a", story)).isSameAs(first);
    }

    @Test
    void aFreeSequenceServesWhatBeginsTheSame() {
        Pooled first = read("a", story);
        read("b", other);
        pool.release("a");
        pool.release("b");
        Pooled again = pool.acquire("c", new TokenList(1, 2, 3, 4, 5, 0, 0));
        assertThat(again).isSameAs(first);
        assertThat(again.length()).isEqualTo(5);
    }

    @Test
    void theLastTokenIsAlwaysLeftToRead() {
        read("a", story);
        pool.release("a");
        assertThat(pool.acquire("b", story).length()).isEqualTo(7);
    }

    @Test
    void aShortCommonBeginningIsNotWorthALongSequence() {
        Pooled first = read("a", story);
        pool.release("a");
        Pooled second = pool.acquire("b", new TokenList(1, 2, 0, 0));
        assertThat(second).isNotSameAs(first);
        assertThat(second.length()).isZero();
    }

    @Test
    void withoutRoomTheLongestUnusedFreeSequenceGoes() {
        Pooled first = read("a", story);
        read("b", other);
        pool.release("b");
        pool.release("a");
        read("a", story);
        pool.release("a");
        Pooled third = pool.acquire("c", new TokenList(5, 5));
        assertThat(third).isNotSameAs(first);
        assertThat(model.openSequences).isEqualTo(2);
    }

    @Test
    void withoutFreeSequencesTheLongestUnusedOwnerLosesItsOwn() {
        Pooled first = read("a", story);
        read("b", other);
        assertThat(pool.acquire("c", new TokenList(5, 5))).isSameAs(first);
        Pooled regained = pool.acquire("a", story);
        assertThat(regained.length()).isZero();
    }

    @Test
    void closingFreesAll() {
        read("a", story);
        read("b", other);
        pool.close();
        assertThat(model.openSequences).isZero();
    }

    private Pooled read(String owner, TokenList tokens) {
        Pooled pooled = pool.acquire(owner, tokens);
        pooled.append(tokens.slice(pooled.length(), tokens.size()), Span.Outputs.NONE);
        return pooled;
    }
}
