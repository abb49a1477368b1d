package autark.server.openai;

import autark.engine.FinishReason;

/// Why an answer ended, in the words of completions.
final class Ending {
    private Ending() {}

    static String reason(FinishReason reason) {
        return switch (reason) {
            case STOP, STOP_STRING, CANCELLED -> "stop";
            case LENGTH, CONTEXT_FULL, DEADLINE -> "length";
            case TOOL_CALLS -> "tool_calls";
        };
    }
}
