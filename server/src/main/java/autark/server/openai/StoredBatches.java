package autark.server.openai;

import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.http.Scope;
import autark.server.store.Table;
import autark.server.store.Tables;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The batches of each tenant, the results of their lines as they come, and the list of those that
/// have not ended, by which a server that starts finds its work.
final class StoredBatches {
    /// Most batches of a tenant that have not ended.
    static final int OPEN_MAX = 100;

    /// Most batches of a tenant that are kept.
    static final int COUNT_MAX = 1000;

    private static final String PREFIX = "batch_";

    private final Tables tables;
    private final Names names;

    StoredBatches(Tables tables, Names names) {
        this.tables = tables;
        this.names = names;
    }

    /// A batch that has not ended.
    ///
    /// @param caller on whose behalf
    record Open(String id, Caller caller) {}

    /// A new name.
    String newId() {
        return names.next(PREFIX);
    }

    /// Keeps a new batch.
    ///
    /// @throws ApiException if the tenant has too many that have not ended
    synchronized void open(Caller caller, ObjectNode batch) {
        long open =
                opened().stream()
                        .filter(other -> other.caller().tenant().equals(caller.tenant()))
                        .count();
        if (open >= OPEN_MAX) {
            throw ApiException.of(
                    ApiException.Kind.LIMITED,
                    "found %d batches that have not ended, expected fewer".formatted(open));
        }
        String id = batch.required("id").stringValue();
        put(caller.tenant(), batch);
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("key", caller.key());
        entry.put("tenant", caller.tenant());
        ArrayNode scopes = entry.putArray("scopes");
        caller.scopes().forEach(scope -> scopes.add(scope.name()));
        ArrayNode models = entry.putArray("models");
        caller.models().forEach(models::add);
        openTable().put(id, KeptJson.write(entry));
        Table table = batches(caller.tenant());
        List<String> all = table.names();
        all.subList(0, Math.max(0, all.size() - COUNT_MAX)).stream()
                .filter(old -> openTable().get(old).isEmpty())
                .forEach(table::remove);
    }

    /// The batches that have not ended, oldest first.
    List<Open> opened() {
        List<Open> opened = new ArrayList<>();
        for (String id : openTable().names()) {
            openTable().get(id).ifPresent(bytes -> opened.add(open(id, KeptJson.read(bytes))));
        }
        return opened;
    }

    private static Open open(String id, JsonNode entry) {
        Set<Scope> scopes = new HashSet<>();
        for (Scope scope : Scope.values()) {
            if (entry.required("scopes").valueStream().anyMatch(kept -> isNamed(kept, scope))) {
                scopes.add(scope);
            }
        }
        Set<String> models = new HashSet<>();
        entry.required("models").forEach(model -> models.add(model.stringValue()));
        return new Open(
                id,
                new Caller(
                        entry.required("key").stringValue(),
                        entry.required("tenant").stringValue(),
                        scopes,
                        models));
    }

    private static boolean isNamed(JsonNode kept, Scope scope) {
        return kept.stringValue().equals(scope.name());
    }

    /// Takes a batch from the list of those that have not ended, and forgets the outcomes of its
    /// lines.
    void end(Open open) {
        int lineCount =
                find(open.caller().tenant(), open.id())
                        .map(batch -> batch.path("request_counts").path("total").asInt(0))
                        .orElse(0);
        for (int line = 0; line < lineCount; line++) {
            lines(open.caller().tenant()).remove(row(open.id(), line));
        }
        openTable().remove(open.id());
    }

    /// The ids of all batches, oldest first.
    List<String> ids(String tenant) {
        return batches(tenant).names();
    }

    Optional<ObjectNode> find(String tenant, String id) {
        return Names.isName(id) ? batches(tenant).get(id).map(KeptJson::read) : Optional.empty();
    }

    /// @throws ApiException of kind [ApiException.Kind#NOT_FOUND] if the tenant has none of that id
    ObjectNode get(String tenant, String id) {
        return find(tenant, id)
                .orElseThrow(() ->
                        ApiException.of(
                                ApiException.Kind.NOT_FOUND,
                                "found no batch \"%s\""
                                        .formatted(id.substring(0, Math.min(80, id.length())))));
    }

    /// Changes a batch; no two changes at once.
    ///
    /// @return the batch behind the change
    synchronized ObjectNode change(String tenant, String id, Consumer<ObjectNode> change) {
        ObjectNode batch = get(tenant, id);
        change.accept(batch);
        put(tenant, batch);
        return batch;
    }

    private void put(String tenant, ObjectNode batch) {
        batches(tenant).put(batch.required("id").stringValue(), KeptJson.write(batch));
    }

    /// What became of a line, if it is known.
    Optional<BatchOutcome> outcome(Open open, int line) {
        return lines(open.caller().tenant())
                .get(row(open.id(), line))
                .map(bytes -> {
                    String text = new String(bytes, StandardCharsets.UTF_8);
                    return new BatchOutcome(text.charAt(0) == '-', text.substring(1));
                });
    }

    /// Keeps what became of a line.
    void put(Open open, int line, BatchOutcome outcome) {
        String text = (outcome.failed() ? "-" : "+") + outcome.text();
        lines(open.caller().tenant())
                .put(row(open.id(), line), text.getBytes(StandardCharsets.UTF_8));
    }

    private static String row(String id, int line) {
        return "%s/%06d".formatted(id, line);
    }

    private Table batches(String tenant) {
        return tables.table("batches", tenant);
    }

    private Table lines(String tenant) {
        return tables.table("batch-lines", tenant);
    }

    private Table openTable() {
        return tables.table("open-batches", "");
    }
}
