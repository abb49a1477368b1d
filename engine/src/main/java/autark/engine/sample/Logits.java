package autark.engine.sample;

/// What is computed of the logits of a whole vocabulary.
final class Logits {
    private Logits() {}

    /// The largest logit.
    ///
    /// @param maxima holds those of the blocks when it returns
    /// @throws SamplingException if one is NaN or infinite, or all are minus infinity
    static float maximum(float[] logits, BlockMaxima maxima) {
        float maximum = maxima.read(logits);
        if (!(maximum < Float.POSITIVE_INFINITY)) {
            throw new SamplingException(badLogit(logits));
        }
        if (maximum == Float.NEGATIVE_INFINITY) {
            throw new SamplingException("all tokens are ruled out, expected one that may follow");
        }
        return maximum;
    }

    private static String badLogit(float[] logits) {
        int token = 0;
        while (logits[token] < Float.POSITIVE_INFINITY) {
            token++;
        }
        return "logit of token %d: found %s, expected a finite number; the model file may be damaged"
                .formatted(token, logits[token]);
    }

    /// The standard deviation of the logits above minus infinity.
    static double deviation(float[] logits) {
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

    /// The smallest float that is at least `bound`.
    static float atLeast(double bound) {
        float nearest = (float) bound;
        return nearest < bound ? Math.nextUp(nearest) : nearest;
    }
}
