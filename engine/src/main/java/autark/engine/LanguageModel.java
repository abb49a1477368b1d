package autark.engine;

import autark.model.Span;

/// What the engine needs of a model: sequences that take tokens and give logits. In production it
/// is [LoadedModel]; tests have models that say what they are told.
///
/// One thread at a time may use it, all of its sequences included.
interface LanguageModel extends AutoCloseable {
    int vocabSize();

    /// Most tokens of a sequence.
    int contextLength();

    /// Most tokens of one [Sequence#append].
    int maxStepTokens();

    /// Most tokens of one [Sequence#append] that asks for all logits.
    int maxStepOutputs();

    /// An empty sequence.
    Sequence newSequence();

    @Override
    void close();

    /// Tokens that the model has read, with what it remembers of them.
    interface Sequence extends AutoCloseable {
        int length();

        /// Forgets all tokens from `newLength` on.
        void truncate(int newLength);

        /// Reads further tokens. If it throws, the sequence is as before.
        void append(int[] tokens, Span.Outputs outputs);

        /// Copies the logits of output `output` of the latest `append` of any sequence.
        void copyLogits(int output, float[] into);

        @Override
        void close();
    }
}
