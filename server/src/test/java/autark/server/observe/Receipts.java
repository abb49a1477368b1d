package autark.server.observe;

import autark.engine.FinishReason;
import autark.engine.Usage;
import autark.server.access.Receipt;
import autark.server.http.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Receipts for tests: 10 tokens of the prompt of which 4 were known, 5 written; 1 s waiting, 2 s
/// reading, 8 s writing, 3 s of the engine.
final class Receipts {
    private Receipts() {}

    static Receipt of(String request, String model, FinishReason... ends) {
        Usage usage =
                new Usage(
                        10,
                        4,
                        5,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(3),
                        0,
                        0);
        return new Receipt(
                Caller.local(),
                request,
                "/v1/chat/completions",
                model,
                Instant.EPOCH,
                Duration.ofSeconds(12),
                List.of(ends).stream().map(end -> new Receipt.Choice(end, usage)).toList());
    }
}
