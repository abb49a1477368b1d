package autark.engine;

/// How long a thinking model may think.
///
/// @param maxTokens most tokens; then the engine closes the thinking, and the model has to answer
public record Thinking(int maxTokens) {
    /// As long as the answer may be.
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /// Refuses a count out of range.
    ///
    /// @throws EngineException if it is
    public Thinking {
        if (maxTokens < 0) {
            throw new EngineException(
                    "thinking tokens: found %d, expected at least 0".formatted(maxTokens));
        }
    }

    public static Thinking unlimited() {
        return new Thinking(UNLIMITED);
    }
}
