package autark.engine;

import autark.engine.schedule.LanguageModel;
import autark.model.Batch;
import autark.model.KvCache;
import autark.model.KvLayout;
import autark.model.KvPool;
import autark.model.Span;

/// Tokens that a model reads for a measurement, apart from all answers.
final class Sequence implements AutoCloseable {
    private final LanguageModel model;
    private final KvPool pool;
    private final KvCache cache;

    /// @param capacity most tokens
    Sequence(LanguageModel model, int capacity) {
        this.model = model;
        this.pool = model.newPool(KvLayout.pages(capacity));
        this.cache = pool.newCache();
    }

    int length() {
        return cache.length();
    }

    /// Reads further tokens.
    void append(int[] tokens, Span.Outputs outputs) {
        model.forward(Batch.of(new Span(tokens, cache, outputs)));
    }

    @Override
    public void close() {
        pool.close();
    }
}
