package autark.server.access;

import autark.engine.FinishReason;
import autark.engine.Usage;
import autark.server.http.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Receipts as a desk writes them.
final class Receipts {
    private Receipts() {}

    static Receipt of(Caller caller, String model, int prompt, int cached, int written) {
        Usage usage =
                new Usage(
                        prompt,
                        cached,
                        written,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ofMillis(500),
                        0,
                        0);
        return of(caller, model, List.of(new Receipt.Choice(FinishReason.STOP, usage)));
    }

    static Receipt of(Caller caller, String model, List<Receipt.Choice> choices) {
        return new Receipt(
                caller,
                "r1",
                "/v1/chat/completions",
                model,
                Instant.EPOCH,
                Duration.ofSeconds(1),
                choices);
    }
}
