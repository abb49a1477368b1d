package autark.engine.sample;

import java.util.Arrays;

/// Draws the tokens of one answer as a [Sampling] says. It keeps little more than the settings, so
/// that many answers can run at once; what is large is in [SampleBuffers].
///
/// The same logits, settings and history give the same token on every machine, whatever compiler or
/// width of vectors: logits are compared and not otherwise computed with until they are doubles,
/// all sums of doubles have one order ([Sums]), the exponential of many numbers is made of
/// multiplications and additions ([Exponential]), other functions are those of [StrictMath], and
/// random numbers are [SplitMix64].
///
/// What a random number means: the tokens lie side by side on a line, each as long as it is
/// probable; the number is a place on that line. They lie in the order of their ids if no limit is
/// on or more than 1024 are left, else by rank.
///
/// Work is saved in three places. Most of a vocabulary cannot be among the likeliest `k` tokens, or
/// within a distance of the likeliest: the largest logit of each block tells which blocks to leave
/// out ([LogitKeys]). Limits by sums of probabilities sort only where the sum ends ([Candidates]).
/// And penalties touch only the tokens that occurred.
public final class Sampler {
    private static final float[] NO_BIAS = {};

    /// Makes the random numbers of [Xtc] others than those of the draw.
    private static final long XTC_STREAM = 0x5851F42D4C957F2DL;

    private final Sampling sampling;
    private final int vocabSize;
    private final int[] biasedTokens;
    private final float[] biases;

    /// Multiplies logits, for the temperature.
    private final double scale;

    /// Whether top-p is the first limit, so that all tokens can be handed to it.
    private final boolean topPFirst;

    /// Bits of surprise that [Mirostat] allows.
    private double surpriseMax;

    /// @throws SamplingException if a token with a bias is not in the vocabulary
    public Sampler(Sampling sampling, int vocabSize) {
        this.sampling = sampling;
        this.vocabSize = vocabSize;
        biasedTokens = new int[sampling.logitBias().size()];
        biases = biasedTokens.length == 0 ? NO_BIAS : new float[biasedTokens.length];
        int index = 0;
        for (var bias : sampling.logitBias().entrySet()) {
            int token = bias.getKey();
            Range.check("logit bias, token", token, token < vocabSize, "0 to " + (vocabSize - 1));
            biasedTokens[index] = token;
            biases[index++] = bias.getValue().floatValue();
        }
        topPFirst =
                sampling.topP() < 1
                        && sampling.topK() == 0
                        && sampling.topNSigma() == 0
                        && sampling.typicalP() == 1
                        && !sampling.xtc().isOn();
        scale = Math.min(1 / sampling.temperature(), Double.MAX_VALUE);
        surpriseMax = 2 * sampling.mirostat().tau();
    }

    /// The next token. Each call is a draw: [Mirostat] learns from it.
    ///
    /// @param logits `[vocabSize]` as the model gave them; they are overwritten
    /// @param allowed a bit for each token, bit `t % 64` of element `t / 64`; empty for all
    /// @throws SamplingException if a logit of an allowed token is NaN or infinite, or if no token
    ///   is left
    public int next(float[] logits, long[] allowed, TokenHistory history, SampleBuffers buffers) {
        buffers.checkSize(logits);
        if (logits.length != vocabSize) {
            throw new IllegalArgumentException(
                    "found %d logits, expected %d".formatted(logits.length, vocabSize));
        }
        if (allowed.length > 0) {
            mask(logits, allowed);
        }
        for (int i = 0; i < biases.length; i++) {
            logits[biasedTokens[i]] += biases[i];
        }
        if (sampling.penalties().isOn()) {
            penalize(logits, history, buffers);
        }
        if (sampling.dry().isOn()) {
            buffers.repetitions.read(history, sampling.dry());
            int[] longest = buffers.takeCounts();
            buffers.repetitions.penalize(logits, history.tokens(), sampling.dry(), longest);
            buffers.giveCountsBack();
        }
        buffers.keys.read(logits);
        if (sampling.temperature() == 0) {
            return buffers.keys.likeliest();
        }
        return draw(logits, history.drawIndex(), buffers);
    }

    private static void mask(float[] logits, long[] allowed) {
        if (allowed.length != (logits.length + Long.SIZE - 1) / Long.SIZE) {
            throw new IllegalArgumentException(
                    "found a mask of %d words, expected one bit for each of %d tokens"
                            .formatted(allowed.length, logits.length));
        }
        for (int word = 0; word < allowed.length; word++) {
            int start = word * Long.SIZE;
            int end = Math.min(start + Long.SIZE, logits.length);
            long denied = ~allowed[word];
            if (denied == -1) {
                Arrays.fill(logits, start, end, Float.NEGATIVE_INFINITY);
            } else {
                for (; denied != 0; denied &= denied - 1) {
                    int token = start + Long.numberOfTrailingZeros(denied);
                    if (token < end) {
                        logits[token] = Float.NEGATIVE_INFINITY;
                    }
                }
            }
        }
    }

    private void penalize(float[] logits, TokenHistory history, SampleBuffers buffers) {
        Penalties penalties = sampling.penalties();
        int[] tokens = history.tokens();
        int[] counts = buffers.takeCounts();
        int start = history.windowStart(penalties.window());
        for (int i = start; i < history.tokenCount(); i++) {
            counts[tokens[i]]++;
        }
        for (int i = start; i < history.tokenCount(); i++) {
            int token = tokens[i];
            if (counts[token] > 0) {
                logits[token] = penalties.penalized(logits[token], counts[token]);
                counts[token] = 0;
            }
        }
        buffers.giveCountsBack();
    }

    private int draw(float[] logits, int drawIndex, SampleBuffers buffers) {
        Candidates candidates = buffers.candidates;
        double uniform = SplitMix64.uniform(sampling.seed(), drawIndex);
        if (sampling.mirostat().isOn()) {
            candidates.takeAll(logits, buffers.keys);
            candidates.keepSurprise(surpriseMax, scale);
            return drawAndLearn(candidates, uniform);
        }
        if (sampling.keepsAll()) {
            candidates.takeAll(logits, buffers.keys);
        } else {
            limit(logits, drawIndex, buffers);
        }
        double total = candidates.weigh(scale);
        return candidates.token(candidates.pass(uniform * total));
    }

    private int drawAndLearn(Candidates candidates, double uniform) {
        candidates.orderByRank();
        double total = candidates.weigh(scale);
        int drawn = candidates.pass(uniform * total);
        double surprise = -StrictMath.log(candidates.weight(drawn) / total) / StrictMath.log(2);
        surpriseMax -= sampling.mirostat().eta() * (surprise - sampling.mirostat().tau());
        return candidates.token(drawn);
    }

    private void limit(float[] logits, int drawIndex, SampleBuffers buffers) {
        Candidates candidates = buffers.candidates;
        if (topPFirst) {
            candidates.takeAll(logits, buffers.keys);
        } else {
            candidates.take(logits, buffers.keys, leastKey(logits, buffers.keys));
        }
        if (sampling.topK() > 0) {
            candidates.keepTopK(sampling.topK());
        }
        if (sampling.typicalP() < 1) {
            candidates.keepTypical(sampling.typicalP());
        }
        if (sampling.topP() < 1) {
            candidates.keepTopP(sampling.topP());
        }
        if (sampling.minP() > 0) {
            candidates.keepMinP(sampling.minP());
        }
        Xtc xtc = sampling.xtc();
        if (xtc.isOn()
                && SplitMix64.uniform(sampling.seed() ^ XTC_STREAM, drawIndex)
                        < xtc.probability()) {
            candidates.dropTopChoices(xtc.threshold());
        }
        candidates.orderByRank();
    }

    /// The key below which no token stays: that of top-n-sigma, which is exact, and those that
    /// spare work.
    private int leastKey(float[] logits, LogitKeys keys) {
        int least = LogitKeys.NOTHING;
        float maximum = logits[keys.likeliest()];
        if (sampling.topNSigma() > 0) {
            least = leastKey(maximum - sampling.topNSigma() * deviation(logits));
        }
        if (sampling.topK() > 0) {
            least = Math.max(least, keys.reachedBy(sampling.topK()));
        } else if (sampling.minP() > 0 && sampling.topP() == 1 && sampling.typicalP() == 1) {
            least = Math.max(least, leastKey(maximum + StrictMath.log(sampling.minP())));
        }
        return least;
    }

    /// The key of the smallest float that is at least `bound`.
    private static int leastKey(double bound) {
        float nearest = (float) bound;
        return LogitKeys.of(nearest < bound ? Math.nextUp(nearest) : nearest);
    }

    /// The standard deviation of the logits above minus infinity.
    private static double deviation(float[] logits) {
        double sum = 0;
        int count = 0;
        for (float logit : logits) {
            if (logit != Float.NEGATIVE_INFINITY) {
                sum += logit;
                count++;
            }
        }
        double mean = sum / count;
        double squares = 0;
        for (float logit : logits) {
            if (logit != Float.NEGATIVE_INFINITY) {
                squares += (logit - mean) * (logit - mean);
            }
        }
        return Math.sqrt(squares / count);
    }
}
