package autark.engine;

import autark.engine.schedule.LanguageModel;
import autark.model.Span;
import java.util.Arrays;
import java.util.OptionalInt;

/// Reads chunks of a text and sums up how unlikely the tokens of their second halves were.
final class ChunkScorer {
    private final int contextTokens;
    private final OptionalInt begin;
    private int chunkCount;
    private int scoredTokens;
    private double sum;
    private double squareSum;

    /// @param begin the token that replaces the first one of each chunk, if any
    ChunkScorer(int contextTokens, OptionalInt begin) {
        this.contextTokens = contextTokens;
        this.begin = begin;
    }

    /// Reads a chunk and returns what is known after it.
    Perplexity add(LanguageModel model, int[] chunk) {
        int[] read = chunk.clone();
        read[0] = begin.orElse(read[0]);
        int half = contextTokens / 2;
        try (Sequence sequence = new Sequence(model, contextTokens)) {
            while (sequence.length() < half) {
                int end = Math.min(half, sequence.length() + model.maxStepTokens());
                sequence.append(
                        Arrays.copyOfRange(read, sequence.length(), end), Span.Outputs.NONE);
            }
            // Nothing follows the last token, so it is not read.
            while (sequence.length() < contextTokens - 1) {
                int start = sequence.length();
                int end = Math.min(contextTokens - 1, start + model.maxStepOutputs());
                sequence.append(Arrays.copyOfRange(read, start, end), Span.Outputs.ALL);
                score(model, Arrays.copyOfRange(chunk, start + 1, end + 1));
            }
        }
        chunkCount++;
        return perplexity();
    }

    /// Scores the tokens that followed each output of the latest step.
    private void score(LanguageModel model, int[] followers) {
        float[] logits = new float[model.vocabSize()];
        for (int output = 0; output < followers.length; output++) {
            model.copyLogits(output, logits);
            double surprise = surprise(logits, followers[output]);
            sum += surprise;
            squareSum += surprise * surprise;
            scoredTokens++;
        }
    }

    /// Negative log-likelihood of a token.
    private static double surprise(float[] logits, int token) {
        float maximum = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            maximum = Math.max(maximum, logit);
        }
        double total = 0;
        for (float logit : logits) {
            total += StrictMath.exp(logit - maximum);
        }
        return StrictMath.log(total) - (logits[token] - maximum);
    }

    Perplexity perplexity() {
        double mean = sum / scoredTokens;
        double variance = Math.max(0, squareSum / scoredTokens - mean * mean);
        double value = StrictMath.exp(mean);
        double error = value * Math.sqrt(variance / Math.max(1, scoredTokens - 1));
        return new Perplexity(value, error, contextTokens, chunkCount, scoredTokens);
    }
}
