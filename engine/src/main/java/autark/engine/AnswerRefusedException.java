package autark.engine;

/// An answer that is valid as the type's schema goes, and that the type refuses nevertheless: the
/// constructor of a record threw an exception. It is the cause.
public final class AnswerRefusedException extends EngineException {
    private static final long serialVersionUID = 1L;

    private final transient Result result;

    AnswerRefusedException(Result result, RuntimeException reason) {
        super("the answer is no value of the type: " + reason.getMessage());
        this.result = result;
        initCause(reason.getCause() == null ? reason : reason.getCause());
    }

    /// The answer.
    public Result result() {
        return result;
    }
}
