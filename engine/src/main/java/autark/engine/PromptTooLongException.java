package autark.engine;

/// A prompt that leaves no room for an answer. Nothing is ever cut off silently.
public final class PromptTooLongException extends EngineException {
    private static final long serialVersionUID = 1L;

    private final int promptTokens;
    private final int contextTokens;

    PromptTooLongException(int promptTokens, int contextTokens) {
        super(
                ("the prompt has %d tokens, but the context has room for %d tokens of prompt and"
                                + " answer together; shorten the prompt or open the model with a"
                                + " larger context")
                        .formatted(promptTokens, contextTokens));
        this.promptTokens = promptTokens;
        this.contextTokens = contextTokens;
    }

    /// Tokens of the prompt.
    public int promptTokens() {
        return promptTokens;
    }

    /// Tokens of prompt and answer together that the engine has room for.
    public int contextTokens() {
        return contextTokens;
    }
}
