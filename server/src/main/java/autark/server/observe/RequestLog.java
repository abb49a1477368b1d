package autark.server.observe;

import autark.server.access.Receipt;
import autark.server.desk.Desk;
import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.http.Witness;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A line of the log for each request, and for each answer that no client waits for. What an answer
/// has cost is known before its request is over; until then it waits here.
final class RequestLog implements Desk.Observer, Witness {
    private static final String REQUEST = "request";
    private static final Set<String> PROBES = Set.of("/healthz", "/readyz", "/health");

    private final Log log;

    /// Of the requests that are being answered: what is known of them.
    private final Map<String, Map<String, Object>> open = new ConcurrentHashMap<>();

    RequestLog(Log log) {
        this.log = log;
    }

    @Override
    public void came(String id) {
        open.put(id, Map.of());
    }

    @Override
    public void ended(Receipt receipt) {
        Map<String, Object> costs = costs(receipt);
        boolean waits = open.computeIfPresent(receipt.request(), (_, _) -> costs) != null;
        if (!waits) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("id", receipt.request());
            fields.put("key", receipt.caller().key());
            fields.put("route", receipt.route());
            fields.putAll(costs);
            fields.put("ms", receipt.duration().toMillis());
            log.write(Log.Level.INFO, "answer", fields);
        }
    }

    @Override
    public void refused(Caller caller, String model, ApiException.Kind kind) {
        // the status of the request says so
    }

    @Override
    public void left(Visit visit) {
        Map<String, Object> costs = open.remove(visit.id());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", visit.id());
        fields.put("key", visit.key());
        fields.put("method", visit.method());
        fields.put("route", visit.route());
        fields.put("status", visit.status());
        if (costs != null) {
            fields.putAll(costs);
        }
        fields.put("ms", visit.duration().toMillis());
        log.write(isProbe(visit) ? Log.Level.DEBUG : Log.Level.INFO, REQUEST, fields);
    }

    /// Whether somebody asked, as programs do every few seconds, if the server lives.
    private static boolean isProbe(Visit visit) {
        return PROBES.contains(visit.route());
    }

    private static Map<String, Object> costs(Receipt receipt) {
        Map<String, Object> costs = new LinkedHashMap<>();
        costs.put("model", receipt.model());
        costs.put("prompt_tokens", receipt.promptTokens());
        costs.put("cached_tokens", receipt.cachedTokens());
        costs.put("written_tokens", receipt.writtenTokens());
        costs.put("first_token_ms", receipt.firstToken().toMillis());
        costs.put("compute_ms", compute(receipt).toMillis());
        return costs;
    }

    private static Duration compute(Receipt receipt) {
        return receipt.choices().stream()
                .map(choice -> choice.usage().computed())
                .reduce(Duration.ZERO, Duration::plus);
    }
}
