package autark.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/// What a failure says to the user, in one line.
final class ErrorText {
    private ErrorText() {}

    /// The message of an exception that was written for the user, else one that calls it a bug.
    static String of(Throwable failure) {
        if (failure instanceof UncheckedIOException && failure.getCause() != null) {
            return of(failure.getCause());
        }
        String message = failure.getMessage();
        if (message == null) {
            return bug(failure);
        }
        return switch (failure) {
            case NoSuchFileException _ -> "no such file: " + message;
            case AccessDeniedException _ -> "no permission: " + message;
            case IOException _ -> message;
            default -> isOurs(failure) ? message : bug(failure);
        };
    }

    private static boolean isOurs(Throwable failure) {
        return failure.getClass().getName().startsWith("autark.");
    }

    private static String bug(Throwable failure) {
        return "internal error: " + failure + " (this is a bug of Autark; --debug shows where)";
    }
}
