package autark.engine.sample;

import java.util.Arrays;

/// The large arrays that drawing a token needs: a few times the size of a vocabulary. A thread has
/// one and uses it for all answers; it keeps nothing that a later draw could see.
public final class SampleBuffers {
    final LogitKeys keys;
    final Candidates candidates;
    final Repetitions repetitions = new Repetitions();
    private final int vocabSize;
    private final int[] counts;
    private boolean countsInUse;

    public SampleBuffers(int vocabSize) {
        if (vocabSize < 1) {
            throw new IllegalArgumentException(
                    "found a vocabulary of %d tokens, expected at least 1".formatted(vocabSize));
        }
        this.vocabSize = vocabSize;
        keys = new LogitKeys(vocabSize);
        candidates = new Candidates(vocabSize);
        counts = new int[vocabSize];
    }

    void checkSize(float[] logits) {
        if (logits.length != vocabSize) {
            throw new IllegalArgumentException(
                    "found %d logits, expected %d, as the buffers are for"
                            .formatted(logits.length, vocabSize));
        }
    }

    /// A number for each token, 0 at first. Its user sets them to 0 again and gives them back; one
    /// that failed in between did not.
    int[] takeCounts() {
        if (countsInUse) {
            Arrays.fill(counts, 0);
        }
        countsInUse = true;
        return counts;
    }

    void giveCountsBack() {
        countsInUse = false;
    }
}
