package autark.engine;

import autark.engine.schedule.LanguageModel;
import autark.model.Batch;
import autark.model.KvPool;
import autark.model.Model;
import autark.model.Scratch;
import java.util.function.IntConsumer;

/// A model in memory with the buffers of its steps.
final class LoadedModel implements LanguageModel {
    /// Rows of logits that there are at least if a step has as many tokens: the more, the fewer
    /// steps a perplexity takes.
    private static final int OUTPUTS_MIN = 32;

    /// Rows of logits for each answer that runs: for its next token and for guesses behind it.
    private static final int OUTPUTS_PER_ANSWER = 2;

    private final Model model;
    private final Scratch scratch;

    /// Takes `model` over and closes it at the end.
    LoadedModel(Model model, int maxStepTokens, int maxStepOutputs) {
        this.model = model;
        this.scratch = model.newScratch(maxStepTokens, maxStepOutputs);
    }

    /// Rows of logits that a step keeps: they are as wide as the vocabulary, so there are few.
    static int maxOutputs(EngineOptions options) {
        int wanted = Math.max(OUTPUTS_MIN, OUTPUTS_PER_ANSWER * options.runningMax());
        return Math.min(options.maxStepTokens(), wanted);
    }

    @Override
    public int vocabSize() {
        return model.config().vocabSize();
    }

    @Override
    public String adapter() {
        return model.adapter();
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
    public long pageBytes() {
        return model.kvLayout().pageBytes();
    }

    @Override
    public KvPool newPool(int pageCount) {
        return model.newPool(pageCount, model.contextLength());
    }

    @Override
    public void forward(Batch batch) {
        model.forward(batch, scratch);
    }

    @Override
    public void copyLogits(int output, float[] into) {
        scratch.copyLogits(output, into);
    }

    @Override
    public void parallel(int count, IntConsumer body) {
        model.parallel(count, body::accept);
    }

    @Override
    public void close() {
        scratch.close();
        model.close();
    }
}
