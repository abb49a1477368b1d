package autark.engine;

import java.time.Duration;

/// What an answer cost. Times but for `computed` are those of the steps that it had a part in,
/// whatever else they served; a stream that waits for its reader has no part.
///
/// @param promptTokens tokens of the prompt
/// @param cachedTokens tokens of the prompt that were known from an earlier request and not read
///   again
/// @param generatedTokens tokens that were drawn, the one that ended the turn included
/// @param queued waiting for the first step
/// @param prefill reading the prompt up to the first drawn token
/// @param decode drawing the other tokens
/// @param computed its share of the time of the steps that it had a part in, by its tokens among
///   all tokens of the step: the shares of all answers add up to the time that the engine was busy
/// @param draftedTokens tokens that were guessed
/// @param acceptedTokens guesses that were right, each of which saved a step
public record Usage(
        int promptTokens,
        int cachedTokens,
        int generatedTokens,
        Duration queued,
        Duration prefill,
        Duration decode,
        Duration computed,
        int draftedTokens,
        int acceptedTokens) {
    private static final double NANOS_PER_SECOND = 1e9;

    /// Prompt tokens read a second, 0 if no time was measured.
    public double prefillTokensPerSecond() {
        return rate(promptTokens - cachedTokens, prefill);
    }

    /// Tokens drawn a second after the first, 0 if no time was measured.
    public double decodeTokensPerSecond() {
        return rate(Math.max(0, generatedTokens - 1), decode);
    }

    private static double rate(int tokens, Duration time) {
        return time.isPositive() ? tokens * NANOS_PER_SECOND / time.toNanos() : 0;
    }
}
