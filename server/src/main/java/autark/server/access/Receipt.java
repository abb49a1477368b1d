package autark.server.access;

import autark.engine.FinishReason;
import autark.engine.Usage;
import autark.server.http.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What an answer has cost.
///
/// @param request the id of the request
/// @param route as `/v1/messages`
/// @param begin when the request came
/// @param duration from there to the end
/// @param choices one a choice that was begun; what was cancelled counts as far as it came
public record Receipt(
        Caller caller,
        String request,
        String route,
        String model,
        Instant begin,
        Duration duration,
        List<Choice> choices) {
    public Receipt {
        choices = List.copyOf(choices);
    }

    /// One choice.
    public record Choice(FinishReason finish, Usage usage) {}

    /// From the first work to the first token; zero if there was none.
    public Duration firstToken() {
        if (choices.isEmpty()) {
            return Duration.ZERO;
        }
        Usage usage = choices.getFirst().usage();
        return usage.queued().plus(usage.prefill());
    }

    /// Tokens of the prompt, which all choices share.
    public long promptTokens() {
        return choices.isEmpty() ? 0 : choices.getFirst().usage().promptTokens();
    }

    /// Tokens of the prompt that did not have to be read.
    public long cachedTokens() {
        return choices.isEmpty() ? 0 : choices.getFirst().usage().cachedTokens();
    }

    /// Tokens that were written, of all choices.
    public long writtenTokens() {
        return choices.stream().mapToLong(choice -> choice.usage().generatedTokens()).sum();
    }
}
