package autark.server.access;

import autark.engine.Json;
import autark.server.http.Fields;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What was used, in sums by key, model, day or tenant.
final class UsageReport {
    private static final Set<String> GROUPS = Set.of("key", "model", "day", "tenant");

    private final String group;
    private final Map<String, Sum> sums = new TreeMap<>();
    private final Set<String> energySources = new TreeSet<>();

    /// What belongs to one name and currency.
    private static final class Sum {
        private final String currency;
        private long answers;
        private long promptTokens;
        private long cachedTokens;
        private long writtenTokens;
        private long computedNanos;
        private double joules;
        private BigDecimal cost = BigDecimal.ZERO;

        Sum(String currency) {
            this.currency = currency;
        }

        void add(Entry entry) {
            answers++;
            promptTokens += entry.promptTokens();
            cachedTokens += entry.cachedTokens();
            writtenTokens += entry.writtenTokens();
            computedNanos += entry.computed().toNanos();
            joules += entry.joules();
            cost = cost.add(entry.cost());
        }
    }

    private UsageReport(String group) {
        this.group = group;
    }

    /// The report that is asked for: `by` is key, model, day or tenant, `since` and `until` are
    /// days, both included.
    ///
    /// @throws autark.server.http.ApiException if it asks for something else
    static JsonNode of(Ledger ledger, Fields asked) {
        UsageReport report = new UsageReport(asked.word("by", GROUPS).orElse("key"));
        LocalDate since = day(asked, "since", LocalDate.EPOCH);
        LocalDate until = day(asked, "until", LocalDate.of(9999, 12, 31));
        asked.end();
        int damaged = ledger.read(since, until, report::add);
        return report.toJson(damaged);
    }

    private static LocalDate day(Fields asked, String name, LocalDate otherwise) {
        return asked.text(name)
                .map(text -> {
                    try {
                        return LocalDate.parse(text);
                    } catch (DateTimeException e) {
                        throw asked.invalid(name, "expected a day as 2027-01-31 (in UTC)");
                    }
                })
                .orElse(otherwise);
    }

    private void add(Entry entry) {
        String name =
                switch (group) {
                    case "model" -> entry.model();
                    case "day" -> Meter.dayOf(entry.time()).toString();
                    case "tenant" -> entry.tenant();
                    default -> entry.key();
                };
        energySources.add(entry.energy());
        sums.computeIfAbsent(name + "\0" + entry.currency(), _ -> new Sum(entry.currency()))
                .add(entry);
    }

    private JsonNode toJson(int damaged) {
        ObjectNode object = Json.mapper().createObjectNode();
        object.put("by", group).put("damaged_entries", damaged);
        ArrayNode sources = object.putArray("energy");
        energySources.forEach(sources::add);
        ArrayNode rows = object.putArray("rows");
        sums.forEach((name, sum) ->
                rows.addObject()
                        .put("name", name.substring(0, name.indexOf('\0')))
                        .put("answers", sum.answers)
                        .put("prompt_tokens", sum.promptTokens)
                        .put("cached_tokens", sum.cachedTokens)
                        .put("written_tokens", sum.writtenTokens)
                        .put("seconds", seconds(sum.computedNanos))
                        .put("joules", rounded(sum.joules))
                        .put("cost", sum.cost.toPlainString())
                        .put("currency", sum.currency));
        return object;
    }

    private static String seconds(long nanos) {
        return BigDecimal.valueOf(nanos, 9).toPlainString();
    }

    private static String rounded(double joules) {
        return String.format(Locale.ROOT, "%.3f", joules);
    }
}
