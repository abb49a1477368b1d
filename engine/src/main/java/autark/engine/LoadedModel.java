package autark.engine;

import autark.model.Batch;
import autark.model.KvCache;
import autark.model.Model;
import autark.model.Scratch;
import autark.model.Span;

/// A model in memory with the buffers of its steps.
final class LoadedModel implements LanguageModel {
    /// Logits are as wide as the vocabulary, so few rows of them are kept.
    static final int MAX_STEP_OUTPUTS = 32;

    private final Model model;
    private final Scratch scratch;

    /// Takes `model` over and closes it at the end.
    LoadedModel(Model model, int maxStepTokens) {
        this.model = model;
        this.scratch = model.newScratch(maxStepTokens, maxOutputs(maxStepTokens));
    }

    /// Rows of logits that a step of so many tokens keeps.
    static int maxOutputs(int maxStepTokens) {
        return Math.min(maxStepTokens, MAX_STEP_OUTPUTS);
    }

    @Override
    public int vocabSize() {
        return model.config().vocabSize();
    }

    @Override
    public int contextLength() {
        return model.contextLength();
    }

    @Override
    public int maxStepTokens() {
        return scratch.maxStepTokens();
    }

    @Override
    public int maxStepOutputs() {
        return scratch.maxOutputs();
    }

    @Override
    public Sequence newSequence() {
        return new CachedSequence(model.newCache(model.contextLength()));
    }

    @Override
    public void close() {
        scratch.close();
        model.close();
    }

    private final class CachedSequence implements Sequence {
        private final KvCache cache;

        CachedSequence(KvCache cache) {
            this.cache = cache;
        }

        @Override
        public int length() {
            return cache.length();
        }

        @Override
        public void truncate(int newLength) {
            cache.truncate(newLength);
        }

        @Override
        public void append(int[] tokens, Span.Outputs outputs) {
            model.forward(Batch.of(new Span(tokens, cache, outputs)), scratch);
        }

        @Override
        public void copyLogits(int output, float[] into) {
            scratch.copyLogits(output, into);
        }

        @Override
        public void close() {
            cache.close();
        }
    }
}
