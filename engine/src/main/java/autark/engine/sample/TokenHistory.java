package autark.engine.sample;

/// Prompt and answer so far.
///
/// @param tokens the tokens at its front; the rest of the array does not count
/// @param promptTokens how many of them are the prompt
/// @param tokenCount how many there are, prompt and answer together
public record TokenHistory(int[] tokens, int promptTokens, int tokenCount) {
    public TokenHistory {
        if (promptTokens < 0 || promptTokens > tokenCount || tokenCount > tokens.length) {
            throw new IllegalArgumentException(
                    "found %d tokens of prompt, %d in all and an array of %d, expected ascending numbers"
                            .formatted(promptTokens, tokenCount, tokens.length));
        }
    }

    /// How many tokens were drawn before.
    int drawIndex() {
        return tokenCount - promptTokens;
    }

    /// Where the last `window` tokens begin.
    int windowStart(int window) {
        return Math.max(0, tokenCount - window);
    }
}
