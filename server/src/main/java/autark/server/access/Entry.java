package autark.server.access;

import autark.engine.Json;
import autark.server.http.Fields;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// An answer in the ledger. What was asked and answered is not in it.
///
/// @param time when it was let in
/// @param key public name of the key
/// @param computed time of the machine that it took
/// @param energy where the joules come from
/// @param cost in `currency`, which is empty if there are no prices
record Entry(
        Instant time,
        String request,
        String key,
        String tenant,
        String route,
        String model,
        long promptTokens,
        long cachedTokens,
        long writtenTokens,
        Duration computed,
        double joules,
        String energy,
        BigDecimal cost,
        String currency) {
    byte[] bytes() {
        ObjectNode object = Json.mapper().createObjectNode();
        object.put("time", time.toString())
                .put("request", request)
                .put("key", key)
                .put("tenant", tenant)
                .put("route", route)
                .put("model", model)
                .put("prompt_tokens", promptTokens)
                .put("cached_tokens", cachedTokens)
                .put("written_tokens", writtenTokens)
                .put("computed_nanos", computed.toNanos())
                .put("joules", joules)
                .put("energy", energy)
                .put("cost", cost.toPlainString())
                .put("currency", currency);
        return object.toString().getBytes(StandardCharsets.UTF_8);
    }

    static Entry of(byte[] bytes) {
        Fields fields = Fields.of(bytes);
        Entry entry =
                new Entry(
                        Instant.parse(fields.requiredText("time")),
                        fields.requiredText("request"),
                        fields.requiredText("key"),
                        fields.requiredText("tenant"),
                        fields.requiredText("route"),
                        fields.requiredText("model"),
                        count(fields, "prompt_tokens"),
                        count(fields, "cached_tokens"),
                        count(fields, "written_tokens"),
                        Duration.ofNanos(count(fields, "computed_nanos")),
                        fields.number("joules", 0, Double.MAX_VALUE).orElse(0),
                        fields.requiredText("energy"),
                        new BigDecimal(fields.requiredText("cost")),
                        fields.requiredText("currency"));
        fields.end();
        return entry;
    }

    private static long count(Fields fields, String name) {
        return fields.longInteger(name, 0, Long.MAX_VALUE).orElse(0);
    }
}
