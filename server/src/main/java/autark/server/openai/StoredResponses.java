package autark.server.openai;

import autark.server.http.ApiException;
import autark.server.http.Fields;
import autark.server.store.Table;
import autark.server.store.Tables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The responses of each tenant that are kept: the newest ones, and not for ever.
final class StoredResponses {
    /// Most responses that are kept for a tenant.
    static final int COUNT_MAX = 10_000;

    static final String PREFIX = "resp_";
    private static final int BYTES_MAX = 4 << 20;
    private static final Duration KEPT = Duration.ofDays(30);

    /// Most responses that follow one another.
    private static final int CHAIN_MAX = 1000;

    private final Tables tables;
    private final Names names;

    StoredResponses(Tables tables, Names names) {
        this.tables = tables;
        this.names = names;
    }

    /// A response that is kept.
    ///
    /// @param response as it is told
    /// @param input the items of its input
    record Stored(ObjectNode response, JsonNode input) {
        Optional<String> previous() {
            JsonNode previous = response.path("previous_response_id");
            return previous.isString() ? Optional.of(previous.stringValue()) : Optional.empty();
        }

        String status() {
            return response.required("status").stringValue();
        }
    }

    Names names() {
        return names;
    }

    /// @throws ApiException of kind [ApiException.Kind#NOT_FOUND] if the tenant has none of that id
    Stored get(String tenant, String id) {
        return find(tenant, id).orElseThrow(() -> unknown(id));
    }

    Optional<Stored> find(String tenant, String id) {
        if (!Names.isName(id) || names.olderThan(id, PREFIX, KEPT)) {
            return Optional.empty();
        }
        return table(tenant)
                .get(id)
                .map(bytes -> {
                    ObjectNode kept = KeptJson.read(bytes);
                    return new Stored(
                            (ObjectNode) kept.required("response"), kept.required("input"));
                });
    }

    /// Keeps a response, in the place of what was kept under its id.
    void put(String tenant, Stored stored) {
        Table table = table(tenant);
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        kept.set("response", stored.response());
        kept.set("input", stored.input());
        byte[] bytes = KeptJson.write(kept);
        if (bytes.length > BYTES_MAX) {
            throw ApiException.field(
                    ApiException.Kind.TOO_LARGE,
                    "store",
                    "store: found a response of %d bytes with its input, expected at most %d to be kept; with store false it is not"
                            .formatted(bytes.length, BYTES_MAX));
        }
        put(table, stored.response().required("id").stringValue(), bytes);
        List<String> all = table.names();
        for (String id : all.subList(0, Math.max(0, all.size() - COUNT_MAX))) {
            table.remove(id);
        }
        all.stream()
                .limit(2)
                .filter(id -> names.olderThan(id, PREFIX, KEPT))
                .forEach(table::remove);
    }

    /// Where there is no room the oldest go.
    private static void put(Table table, String id, byte[] value) {
        while (true) {
            try {
                table.put(id, value);
                return;
            } catch (ApiException e) {
                List<String> older = table.names();
                if (older.isEmpty()) {
                    throw e;
                }
                table.remove(older.getFirst());
            }
        }
    }

    /// @throws ApiException of kind [ApiException.Kind#NOT_FOUND] if the tenant has none of that id
    void remove(String tenant, String id) {
        if (!Names.isName(id) || !table(tenant).remove(id)) {
            throw unknown(id);
        }
    }

    /// The responses that end with this one, oldest first.
    ///
    /// @param body names it in its field `previous_response_id`
    /// @throws ApiException if one is not kept
    List<Stored> chain(String tenant, Fields body, String id) {
        List<Stored> chain = new ArrayList<>();
        Optional<String> next = Optional.of(id);
        while (next.isPresent()) {
            String name = next.get();
            if (chain.size() == CHAIN_MAX) {
                throw body.invalid(
                        "previous_response_id",
                        "found more than %d that follow one another".formatted(CHAIN_MAX));
            }
            Stored stored = find(tenant, name).orElseThrow(() -> broken(body, name));
            if (!stored.status().equals("completed") && !stored.status().equals("incomplete")) {
                throw body.invalid(
                        "previous_response_id",
                        "found one that is %s, expected one that is complete"
                                .formatted(stored.status()));
            }
            chain.add(stored);
            next = stored.previous();
        }
        return chain.reversed();
    }

    private static ApiException broken(Fields body, String id) {
        return body.invalid(
                        "previous_response_id",
                        "found no response \"%s\"; it was deleted, too old, or never kept"
                                .formatted(id.substring(0, Math.min(80, id.length()))))
                .withCode("previous_response_not_found");
    }

    private Table table(String tenant) {
        return tables.table("responses", tenant);
    }

    private static ApiException unknown(String id) {
        return ApiException.of(
                ApiException.Kind.NOT_FOUND,
                "found no response \"%s\"".formatted(id.substring(0, Math.min(80, id.length()))));
    }
}
