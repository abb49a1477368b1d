package autark.engine.schedule;

import java.util.Arrays;

/// What the simulated model says, as a function of the tokens before and of nothing else; and how
/// simulated answers draw from it. So the right answer to a request is known without a scheduler.
final class SimLogits {
    static final int VOCAB_SIZE = 24;

    /// Ends an answer.
    static final int END = 0;

    /// The model throws where it has to read this token, and never says it.
    static final int POISON = VOCAB_SIZE - 1;

    /// State of a sequence without tokens.
    static final long EMPTY = 0x9E3779B97F4A7C15L;

    private static final float LOGIT_SPAN = 6;

    private SimLogits() {}

    /// State behind one more token.
    static long next(long state, int token) {
        return mix(state ^ (token + 1) * 0xD6E8FEB86659FD93L);
    }

    static float[] of(long state) {
        float[] logits = new float[VOCAB_SIZE];
        for (int token = 0; token < VOCAB_SIZE; token++) {
            logits[token] = LOGIT_SPAN * unit(mix(state + token));
        }
        logits[END] -= LOGIT_SPAN / 3;
        logits[POISON] = Float.NEGATIVE_INFINITY;
        return logits;
    }

    /// The token that an answer with this seed draws as its number `drawIndex`.
    static int draw(float[] logits, long seed, int drawIndex) {
        int best = END;
        float bestScore = Float.NEGATIVE_INFINITY;
        for (int token = 0; token < logits.length; token++) {
            float noise = unit(mix(mix(seed) + (long) drawIndex * VOCAB_SIZE + token));
            float score = logits[token] + LOGIT_SPAN / 3 * noise;
            if (score > bestScore) {
                best = token;
                bestScore = score;
            }
        }
        return best;
    }

    /// Tells logits apart, to the bit.
    static int fingerprint(float[] logits) {
        return Arrays.hashCode(logits);
    }

    private static float unit(long bits) {
        return (bits >>> 40) * 0x1p-24f;
    }

    /// A mixer of 64 bits: each bit of the result depends on all.
    private static long mix(long bits) {
        long x = (bits ^ bits >>> 32) * 0xD6E8FEB86659FD93L;
        x = (x ^ x >>> 32) * 0xD6E8FEB86659FD93L;
        return x ^ x >>> 32;
    }
}
