package autark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pages that are shared, copied, hidden and used again leave the bits of each sequence alone.
class KvPoolTest {
    private static final int TOKENS = 150;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gemma3", "phi3"})
    void adoptedForkedAndReusedPagesGiveTheBitsOfAFreshSequence(String name) {
        try (Model model = Runs.load(Golden.folder().resolve("arch/" + name + ".gguf"), 2);
                Scratch scratch = model.newScratch(TOKENS, TOKENS);
                KvPool pool = model.newPool(20, TOKENS)) {
            int[] tokens = tokens(model, 1, TOKENS);
            float[][] alone = Runs.logits(model, tokens, TOKENS);
            dirty(model, pool, scratch);

            KvCache first = pool.newCache();
            run(model, scratch, first, tokens, 0, 70);
            List<KvPage> pages = List.of(first.page(0), first.page(1), first.page(2));
            KvCache fork = first.fork();
            // Both go on in the same half-filled page, with other tokens.
            run(model, scratch, fork, tokens(model, 2, TOKENS), 70, TOKENS);
            assertRows(alone, run(model, scratch, first, tokens, 70, TOKENS), 70);
            fork.close();
            first.close();

            KvCache adopted = pool.newCache();
            adopted.append(pages.get(0), 32);
            adopted.append(pages.get(1), 32);
            adopted.append(pages.get(2), 3);
            pages.forEach(KvPage::release);
            assertThat(adopted.length()).isEqualTo(67);
            assertRows(alone, run(model, scratch, adopted, tokens, 67, TOKENS), 67);
            adopted.close();
            assertThat(pool.freeUnits()).isEqualTo(pool.unitCount());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gemma2", "gemma3"})
    void blocksBehindTheWindowAreGivenBackAndNotMissed(String name) {
        try (Model model = Runs.load(Golden.folder().resolve("arch/" + name + ".gguf"), 2);
                Scratch scratch = model.newScratch(TOKENS, TOKENS);
                KvPool pool = model.newPool(20, TOKENS);
                KvPool other = model.newPool(20, TOKENS)) {
            int[] tokens = tokens(model, 1, TOKENS);
            float[][] alone = Runs.logits(model, tokens, TOKENS);
            KvCache cache = pool.newCache();
            KvCache keeping = other.newCache();
            for (int start = 0; start < TOKENS; start += 10) {
                assertRows(alone, run(model, scratch, cache, tokens, start, start + 10), start);
                cache.releaseHidden();
                run(model, scratch, keeping, tokens, start, start + 10);
            }
            assertThat(pool.freeUnits()).isGreaterThan(other.freeUnits());
            KvCache fork = cache.fork();
            fork.close();
            assertThatThrownBy(() -> cache.truncate(1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("window");
            cache.truncate(TOKENS - 1);
            assertRows(alone, run(model, scratch, cache, tokens, TOKENS - 1, TOKENS), TOKENS - 1);
            cache.close();
            assertThat(pool.freeUnits()).isEqualTo(pool.unitCount());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gemma3"})
    void aFullPoolRefusesAStepAndLosesNothing(String name) {
        try (Model model = Runs.load(Golden.folder().resolve("arch/" + name + ".gguf"), 1);
                Scratch scratch = model.newScratch(TOKENS, TOKENS);
                KvPool pool = model.newPool(3, TOKENS)) {
            int[] tokens = tokens(model, 1, TOKENS);
            float[][] alone = Runs.logits(model, tokens, TOKENS);
            KvCache cache = pool.newCache();
            run(model, scratch, cache, tokens, 0, 40);
            assertThat(cache.unitsNeeded(24)).isZero();
            assertThat(cache.unitsNeeded(25)).isEqualTo(pool.layout().layerCount());
            KvCache fork = cache.fork();
            assertThat(fork.unitsNeeded(25)).isEqualTo(2 * pool.layout().layerCount());
            assertThatThrownBy(() -> run(model, scratch, fork, tokens, 40, 100))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("free blocks");
            assertThat(fork.length()).isEqualTo(40);
            fork.close();
            assertRows(alone, run(model, scratch, cache, tokens, 40, 90), 40);
        }
    }

    /// Fills the pool with what nobody may read later.
    private static void dirty(Model model, KvPool pool, Scratch scratch) {
        List<KvCache> caches = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            caches.add(pool.newCache());
            run(model, scratch, caches.getLast(), tokens(model, 7 + i, TOKENS), 0, TOKENS);
        }
        caches.forEach(KvCache::close);
    }

    private static int[] tokens(Model model, long seed, int count) {
        return new SplittableRandom(seed).ints(count, 0, model.config().vocabSize()).toArray();
    }

    private static float[][] run(
            Model model, Scratch scratch, KvCache cache, int[] tokens, int start, int end) {
        int[] step = Arrays.copyOfRange(tokens, start, end);
        model.forward(Batch.of(new Span(step, cache, Span.Outputs.ALL)), scratch);
        float[][] logits = new float[end - start][model.config().vocabSize()];
        for (int i = 0; i < logits.length; i++) {
            scratch.copyLogits(i, logits[i]);
        }
        return logits;
    }

    private static void assertRows(float[][] expected, float[][] found, int start) {
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).as("position %d", start + i).isEqualTo(expected[start + i]);
        }
    }
}
