package autark.engine.schedule;

import java.time.Duration;

/// What an answer has cost.
///
/// @param cachedTokens tokens of the prompt that were known and not read
/// @param queued time until the first step
/// @param prefill time of the steps up to the first drawn token, shared ones in full
/// @param decode time of the steps that drew the others
/// @param computed its share of the time of those steps, by its tokens among all of the step
/// @param draftedTokens tokens that were guessed
/// @param acceptedTokens guesses that were right
public record Work(
        int cachedTokens,
        Duration queued,
        Duration prefill,
        Duration decode,
        Duration computed,
        int draftedTokens,
        int acceptedTokens) {}
