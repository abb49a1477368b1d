package autark.engine.sample;

/// No token can be chosen: a setting is out of its range, or the logits are no numbers. The message
/// says what was found and what was expected.
public final class SamplingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SamplingException(String message) {
        super(message);
    }
}
