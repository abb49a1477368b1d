package autark.engine;

import autark.engine.sample.Logprobs;

/// Which tokens to report the model's opinion of: their log-probabilities, without sampling
/// settings.
///
/// @param answer those of the answer
/// @param prompt those of the prompt, but for the first; then nothing of the prompt is taken from
///   the cache
/// @param topCount how many of the likeliest tokens to report at each place, 0 to
///   [Logprobs#TOP_MAX]
public record Scoring(boolean answer, boolean prompt, int topCount) {
    /// Refuses a count out of range.
    ///
    /// @throws EngineException if it is
    public Scoring {
        if (topCount < 0 || topCount > Logprobs.TOP_MAX) {
            throw new EngineException(
                    "top logprobs: found %d, expected 0 to %d"
                            .formatted(topCount, Logprobs.TOP_MAX));
        }
    }

    public static Scoring none() {
        return new Scoring(false, false, 0);
    }
}
