package autark.server.openai;

import autark.engine.FinishReason;
import autark.engine.Result;
import autark.server.http.ApiException;
import java.util.List;

/// Why an answer ended, in the words of completions.
final class Ending {
    private Ending() {}

    /// The results, if all have come to an end of their own.
    ///
    /// @throws ApiException if somebody has ended one: its key was revoked or the server stops
    static List<Result> whole(List<Result> results) {
        for (Result result : results) {
            if (result.finish() == FinishReason.CANCELLED) {
                throw ApiException.of(
                                ApiException.Kind.UNAVAILABLE,
                                "the answer was cancelled before it was complete")
                        .withCode("cancelled");
            }
        }
        return results;
    }

    static String reason(FinishReason reason) {
        return switch (reason) {
            case STOP, STOP_STRING, CANCELLED -> "stop";
            case LENGTH, CONTEXT_FULL, DEADLINE -> "length";
            case TOOL_CALLS -> "tool_calls";
        };
    }
}
