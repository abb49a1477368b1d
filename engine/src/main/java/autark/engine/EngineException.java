package autark.engine;

/// A model that cannot be opened for answers, or a request that cannot be honoured. The message
/// says what was found, what was expected and what to do.
public sealed class EngineException extends RuntimeException
        permits PromptTooLongException,
                AnswerCutOffException,
                AnswerRefusedException,
                AnswerTypeException {
    private static final long serialVersionUID = 1L;

    EngineException(String message) {
        super(message);
    }
}
