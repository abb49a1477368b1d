package autark.engine.sample;

/// Chooses tokens as a [Sampling] says. One sampler serves one answer at a time; it keeps nothing
/// between calls but its buffers.
public final class Sampler {
    private final Sampling sampling;
    private final float[] logits;
    private final int[] occurrences;
    private final Candidates candidates;

    /// Sums of the weights of the candidates up to each; weights are probabilities without their
    /// common factor.
    private final double[] cumulated;

    public Sampler(Sampling sampling, int vocabSize) {
        this.sampling = sampling;
        logits = new float[vocabSize];
        occurrences = new int[vocabSize];
        candidates = new Candidates(vocabSize);
        cumulated = new double[vocabSize];
    }

    /// The next token.
    ///
    /// @param modelLogits `[vocabSize]`, left as they are
    /// @param tokens prompt and answer so far, at the front
    /// @param tokenCount how many of them count
    /// @param drawIndex how many tokens were drawn before
    /// @throws SamplingException if a logit is NaN or infinite, or all are minus infinity
    public int next(float[] modelLogits, int[] tokens, int tokenCount, long drawIndex) {
        System.arraycopy(modelLogits, 0, logits, 0, logits.length);
        if (sampling.penalizes()) {
            penalize(tokens, tokenCount);
        }
        int best = best();
        if (sampling.temperature() == 0) {
            return best;
        }
        int count = sampling.keepsAll() ? logits.length : keptCount(logits[best]);
        return draw(count, logits[best], SplitMix64.uniform(sampling.seed(), drawIndex));
    }

    private void penalize(int[] tokens, int tokenCount) {
        int start = Math.max(0, tokenCount - sampling.repeatWindow());
        for (int i = start; i < tokenCount; i++) {
            occurrences[tokens[i]]++;
        }
        for (int i = start; i < tokenCount; i++) {
            int token = tokens[i];
            if (occurrences[token] > 0) {
                logits[token] = penalized(logits[token], occurrences[token]);
                occurrences[token] = 0;
            }
        }
    }

    private float penalized(double logit, int count) {
        double repeated =
                logit > 0 ? logit / sampling.repeatPenalty() : logit * sampling.repeatPenalty();
        return (float)
                (repeated - count * sampling.frequencyPenalty() - sampling.presencePenalty());
    }

    private int best() {
        int best = 0;
        for (int token = 0; token < logits.length; token++) {
            float logit = logits[token];
            if (!(logit < Float.POSITIVE_INFINITY)) {
                throw new SamplingException(
                        "logit of token %d: found %s, expected a finite number; the model file may be damaged"
                                .formatted(token, logit));
            }
            if (logit > logits[best]) {
                best = token;
            }
        }
        if (logits[best] == Float.NEGATIVE_INFINITY) {
            throw new SamplingException("all tokens are ruled out, expected one that may follow");
        }
        return best;
    }

    /// How many tokens stay after top-k, top-p and min-p: the first ranks.
    private int keptCount(double maximum) {
        candidates.rank(logits);
        int count = sampling.topK() == 0 ? logits.length : Math.min(sampling.topK(), logits.length);
        if (sampling.topP() < 1) {
            double enough = sampling.topP() * weightOf(count, maximum);
            double weight = 0;
            int rank = 0;
            while (rank < count && weight < enough) {
                weight += weight(candidates.token(rank++), maximum);
            }
            count = rank;
        }
        if (sampling.minP() > 0) {
            double minimum = maximum + StrictMath.log(sampling.minP());
            int rank = 1;
            while (rank < count && logits[candidates.token(rank)] >= minimum) {
                rank++;
            }
            count = rank;
        }
        return count;
    }

    /// Sum of the weights of the first `count` ranks; of all tokens without ranking them.
    private double weightOf(int count, double maximum) {
        boolean all = count == logits.length;
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += weight(all ? i : candidates.token(i), maximum);
        }
        return sum;
    }

    /// Probability of a token before the temperature, relative to that of the likeliest.
    private double weight(int token, double maximum) {
        return StrictMath.exp(logits[token] - maximum);
    }

    /// Draws from the first `count` ranks; from all tokens without ranking them.
    private int draw(int count, double maximum, double uniform) {
        boolean all = sampling.keepsAll();
        double sum = 0;
        for (int i = 0; i < count; i++) {
            float logit = logits[all ? i : candidates.token(i)];
            sum += StrictMath.exp((logit - maximum) / sampling.temperature());
            cumulated[i] = sum;
        }
        int drawn = 0;
        while (cumulated[drawn] <= uniform * sum) {
            drawn++;
        }
        return all ? drawn : candidates.token(drawn);
    }
}
