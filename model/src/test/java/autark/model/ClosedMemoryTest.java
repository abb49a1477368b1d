package autark.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/// Machine code does not notice that memory is gone, so a step looks before it begins.
class ClosedMemoryTest {
    private static final int[] TOKENS = {1, 2, 3};

    @Test
    void aStepOnAClosedCacheIsRefused() {
        try (Model model = Runs.load(Golden.folder().resolve("arch/llama.gguf"), 1);
                Scratch scratch = model.newScratch(8, 8)) {
            KvCache cache = model.newCache(40);
            model.forward(Batch.of(new Span(TOKENS, cache, Span.Outputs.LAST)), scratch);
            cache.close();
            Batch next = Batch.of(new Span(TOKENS, cache, Span.Outputs.LAST));
            assertThatThrownBy(() -> model.forward(next, scratch))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the cache is closed");
        }
    }

    @Test
    void aStepInClosedBuffersIsRefused() {
        try (Model model = Runs.load(Golden.folder().resolve("arch/llama.gguf"), 1);
                KvCache cache = model.newCache(40)) {
            Scratch scratch = model.newScratch(8, 8);
            scratch.close();
            Batch batch = Batch.of(new Span(TOKENS, cache, Span.Outputs.LAST));
            assertThatThrownBy(() -> model.forward(batch, scratch))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the buffers of the step are freed");
        }
    }
}
