package autark.cli.pull;

/// A model could not be fetched; the message is written for the user.
public final class PullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PullException(String message) {
        super(message);
    }

    PullException(String message, Throwable cause) {
        super(message, cause);
    }
}
