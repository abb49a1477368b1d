package autark.engine;

/// A Java type that cannot be the type of an answer. The message says where in the type, what was
/// found there and what is supported.
public final class AnswerTypeException extends EngineException {
    private static final long serialVersionUID = 1L;

    /// @param message where, what, and what instead
    public AnswerTypeException(String message) {
        super(message);
    }
}
