package autark.engine.sample;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The logits of a vocabulary as integers of the same order, and the largest of each block of
/// [#BLOCK] tokens.
///
/// Compilers turn the maximum of integers into few vector instructions, that of floats into many,
/// since floats have NaN and two zeros. So one pass makes keys and maxima. They tell the largest
/// logit of all, whether there is a NaN, which blocks a search may leave out, and how large the
/// k-th largest logit is at least.
final class LogitKeys {
    static final int BLOCK = 256;

    /// The key of minus infinity, less than that of any number.
    static final int NOTHING = -0x7F80_0000;

    private static final int INFINITY = 0x7F80_0000;

    private final int[] keys;
    private final int[] maxima;
    private final int[] sorted;
    private int maximum;

    /// The largest bit pattern without its sign; above that of infinity are those of NaN.
    private int largestMagnitude;

    LogitKeys(int vocabSize) {
        keys = new int[vocabSize];
        maxima = new int[(vocabSize + BLOCK - 1) / BLOCK];
        sorted = new int[maxima.length];
    }

    /// A key that is larger for a larger number; both zeros have the key 0.
    static int of(float number) {
        int bits = Float.floatToRawIntBits(number);
        int sign = bits >> 31;
        return ((bits & Integer.MAX_VALUE) ^ sign) - sign;
    }

    /// Starts over with other logits.
    ///
    /// @throws SamplingException if one is NaN or infinite, or all are minus infinity
    void read(float[] logits) {
        MemorySegment bits = MemorySegment.ofArray(keys);
        MemorySegment.copy(MemorySegment.ofArray(logits), 0, bits, 0, bits.byteSize());
        largestMagnitude = 0;
        maximum = NOTHING;
        for (int block = 0; block < maxima.length; block++) {
            maxima[block] = readBlock(block * BLOCK, end(block));
            maximum = Math.max(maximum, maxima[block]);
        }
        if (maximum >= INFINITY || largestMagnitude > INFINITY) {
            throw new SamplingException(badLogit(logits));
        }
        if (maximum == NOTHING) {
            throw new SamplingException("all tokens are ruled out, expected one that may follow");
        }
    }

    private int readBlock(int start, int end) {
        int[] k = keys;
        int max = Integer.MIN_VALUE;
        int magnitudeMax = 0;
        for (int i = start; i < end; i++) {
            int sign = k[i] >> 31;
            int magnitude = k[i] & Integer.MAX_VALUE;
            int key = (magnitude ^ sign) - sign;
            k[i] = key;
            max = Math.max(max, key);
            magnitudeMax = Math.max(magnitudeMax, magnitude);
        }
        largestMagnitude = Math.max(largestMagnitude, magnitudeMax);
        return max;
    }

    private static String badLogit(float[] logits) {
        int token = 0;
        while (logits[token] < Float.POSITIVE_INFINITY) {
            token++;
        }
        return "logit of token %d: found %s, expected a finite number; the model file may be damaged"
                .formatted(token, logits[token]);
    }

    /// The first token of the largest logit.
    int likeliest() {
        int block = 0;
        while (maxima[block] != maximum) {
            block++;
        }
        int token = block * BLOCK;
        while (keys[token] != maximum) {
            token++;
        }
        return token;
    }

    /// A key that at least `k` logits reach: the k-th largest of the maxima.
    int reachedBy(int k) {
        if (k > maxima.length) {
            return NOTHING;
        }
        System.arraycopy(maxima, 0, sorted, 0, maxima.length);
        Arrays.sort(sorted);
        return sorted[maxima.length - k];
    }

    /// Collects the tokens whose key is at least `least`, in the order of their ids.
    ///
    /// @param tokens `[vocabSize]`
    /// @return how many they are
    int collect(int least, int[] tokens) {
        int count = 0;
        for (int block = 0; block < maxima.length; block++) {
            if (maxima[block] >= least) {
                count = collect(block * BLOCK, end(block), least, tokens, count);
            }
        }
        return count;
    }

    /// Writes each token and counts those to keep, for a branch could not be foreseen.
    private int collect(int start, int end, int least, int[] tokens, int oldCount) {
        int count = oldCount;
        for (int token = start; token < end; token++) {
            tokens[count] = token;
            count += keys[token] >= least ? 1 : 0;
        }
        return count;
    }

    private int end(int block) {
        return Math.min((block + 1) * BLOCK, keys.length);
    }
}
