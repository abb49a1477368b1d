package autark.engine.schedule;

import autark.model.Batch;
import autark.model.KvPool;
import java.util.function.IntConsumer;

/// What the engine needs of a model. In production it is a model in memory; tests have models that
/// say what they are told.
///
/// One thread at a time may use it, with all of its pools.
public interface LanguageModel extends AutoCloseable {
    int vocabSize();

    /// Names the content of its adapter; empty if it has none.
    String adapter();

    /// Most tokens of a sequence.
    int contextLength();

    /// Most tokens of one step.
    int maxStepTokens();

    /// Most tokens of one step whose logits are wanted.
    int maxStepOutputs();

    /// Bytes of the keys and values of 32 positions.
    long pageBytes();

    /// Memory for keys and values.
    ///
    /// @param pageCount how often there is room for 32 positions
    KvPool newPool(int pageCount);

    /// Runs a step: appends the tokens of `batch` to their caches and computes the logits of its
    /// outputs. If it throws, the caches are as before.
    void forward(Batch batch);

    /// Copies the logits of output `output` of the latest step. Several threads may do so at once.
    void copyLogits(int output, float[] into);

    /// Runs `body` for each index from 0 to below `count` on the model's threads.
    void parallel(int count, IntConsumer body);

    @Override
    void close();
}
