package autark.engine;

/// Why an answer ended.
public enum FinishReason {
    /// The model ended its turn.
    STOP,
    /// The model ended its turn after it had called at least one tool: [Result#toolCalls].
    TOOL_CALLS,
    /// One of the request's stop strings or stop tokens came.
    STOP_STRING,
    /// The request's most tokens were written.
    LENGTH,
    /// The context of the model is full.
    CONTEXT_FULL,
    /// The answer was cancelled or closed.
    CANCELLED,
    /// The request's time was over.
    DEADLINE
}
