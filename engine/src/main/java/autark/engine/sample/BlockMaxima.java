package autark.engine.sample;

import java.util.Arrays;

/// The largest logit of each block of [#BLOCK] tokens. One pass over a vocabulary makes them; they
/// tell the largest logit of all, that there is no NaN, which blocks a search may leave out, and
/// how large the k-th largest logit is at least.
final class BlockMaxima {
    static final int BLOCK = 256;

    private final float[] maxima;
    private final float[] sorted;

    BlockMaxima(int vocabSize) {
        maxima = new float[(vocabSize + BLOCK - 1) / BLOCK];
        sorted = new float[maxima.length];
    }

    /// Starts over with other logits.
    ///
    /// @return the largest; NaN if one of them is
    float read(float[] logits) {
        for (int block = 0; block < maxima.length; block++) {
            maxima[block] = max(logits, block * BLOCK, end(block, logits.length));
        }
        return max(maxima, 0, maxima.length);
    }

    private static float max(float[] a, int start, int end) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = start; i < end; i++) {
            max = Math.max(max, a[i]);
        }
        return max;
    }

    /// The first token of the largest logit.
    int first(float[] logits, float maximum) {
        int block = 0;
        while (maxima[block] != maximum) {
            block++;
        }
        int token = block * BLOCK;
        while (logits[token] != maximum) {
            token++;
        }
        return token;
    }

    /// A bound that at least `k` logits reach: the k-th largest of the maxima.
    float reachedBy(int k) {
        if (k > maxima.length) {
            return Float.NEGATIVE_INFINITY;
        }
        System.arraycopy(maxima, 0, sorted, 0, maxima.length);
        Arrays.sort(sorted);
        return sorted[maxima.length - k];
    }

    int count() {
        return maxima.length;
    }

    float of(int block) {
        return maxima[block];
    }

    static int end(int block, int length) {
        return Math.min((block + 1) * BLOCK, length);
    }
}
