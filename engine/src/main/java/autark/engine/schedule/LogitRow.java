package autark.engine.schedule;

import autark.engine.sample.SampleBuffers;

/// Logits of one token, with what a thread needs to draw from them.
///
/// @param logits `[vocabSize]`; who draws may change them
/// @param spare as many numbers, for a copy
public record LogitRow(float[] logits, float[] spare, SampleBuffers buffers) {
    static LogitRow of(int vocabSize) {
        return new LogitRow(
                new float[vocabSize], new float[vocabSize], new SampleBuffers(vocabSize));
    }

    /// A copy of the logits as they are, until the next call.
    public float[] copy() {
        System.arraycopy(logits, 0, spare, 0, logits.length);
        return spare;
    }
}
