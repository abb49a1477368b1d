package autark.engine;

/// An answer that was to be a value of a type and ended before it was one: its tokens, its time or
/// the context ran out, a stop string came, or it was cancelled.
public final class AnswerCutOffException extends EngineException {
    private static final long serialVersionUID = 1L;

    private final transient Result result;

    AnswerCutOffException(Result result, RuntimeException reason) {
        super(
                ("the answer ended (%s) after %d tokens, before it was a whole value; give it more"
                                + " tokens or time, or ask for less")
                        .formatted(result.finish(), result.tokens().size()));
        this.result = result;
        initCause(reason);
    }

    /// What there is of the answer.
    public Result result() {
        return result;
    }
}
