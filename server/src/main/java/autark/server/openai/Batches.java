package autark.server.openai;

import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.http.Exchange;
import autark.server.http.Fields;
import autark.server.http.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/batches`: files of requests that are answered when nobody else waits.
final class Batches implements AutoCloseable {
    private static final int PAGE_MAX = 100;
    private static final Duration WINDOW = Duration.ofHours(24);

    private final OpenAi.Parts parts;
    private final StoredFiles files;
    private final StoredBatches stored;
    private final Map<String, Endpoint> endpoints;
    private final BatchRunner runner = new BatchRunner();

    /// Goes on with batches that a server before has not ended.
    ///
    /// @param endpoints that can answer, by their path
    Batches(OpenAi.Parts parts, StoredFiles files, Map<String, Endpoint> endpoints) {
        this.parts = parts;
        this.files = files;
        this.stored = new StoredBatches(parts.tables(), parts.names());
        this.endpoints = Map.copyOf(endpoints);
        stored.opened().forEach(this::submit);
    }

    private void submit(StoredBatches.Open open) {
        BatchAnswers answers =
                new BatchAnswers(open.caller(), parts.desk(), parts.names(), endpoints);
        BatchJob.Store store = new BatchJob.Store(stored, files, parts.names());
        runner.submit(new BatchJob(open, store, answers));
    }

    /// Takes a batch on.
    void create(Exchange exchange) {
        Caller caller = exchange.caller();
        Fields body = Fields.of(exchange.body());
        String input = body.requiredText("input_file_id");
        if (files.find(caller.tenant(), input).isEmpty()) {
            throw body.invalid("input_file_id", "found no file of that id");
        }
        String endpoint =
                body.word("endpoint", endpoints.keySet())
                        .orElseThrow(() -> body.missing("endpoint"));
        String window =
                body.word("completion_window", Set.of("24h"))
                        .orElseThrow(() -> body.missing("completion_window"));
        CommonFields.metadata(body);
        body.refuse("output_expires_after", "files stay until they are deleted");
        body.end();
        ObjectNode batch = batch(input, endpoint, window);
        batch.set("metadata", body.any("metadata").orElse(JsonNodeFactory.instance.nullNode()));
        stored.open(caller, batch);
        submit(new StoredBatches.Open(batch.required("id").stringValue(), caller));
        exchange.reply(Reply.json(batch));
    }

    private ObjectNode batch(String input, String endpoint, String window) {
        ObjectNode batch = JsonNodeFactory.instance.objectNode();
        long now = parts.names().now();
        batch.put("id", stored.newId());
        batch.put("object", "batch");
        batch.put("endpoint", endpoint);
        batch.putNull("errors");
        batch.put("input_file_id", input);
        batch.put("completion_window", window);
        batch.put("status", "validating");
        batch.putNull("output_file_id");
        batch.putNull("error_file_id");
        batch.put("created_at", now);
        batch.put("expires_at", now + WINDOW.toSeconds());
        for (String step :
                List.of(
                        "in_progress",
                        "finalizing",
                        "completed",
                        "failed",
                        "expired",
                        "cancelling",
                        "cancelled")) {
            batch.putNull(step + "_at");
        }
        ObjectNode counts = batch.putObject("request_counts");
        counts.put("total", 0);
        counts.put("completed", 0);
        counts.put("failed", 0);
        return batch;
    }

    /// The batches.
    void list(Exchange exchange) {
        Paging paging = Paging.read(exchange, PAGE_MAX);
        exchange.endQuery();
        String tenant = exchange.caller().tenant();
        exchange.reply(
                Reply.json(
                        paging.of(
                                stored.ids(tenant),
                                id -> stored.find(tenant, id).map(this::counted))));
    }

    /// A batch as it is by now.
    void show(Exchange exchange) {
        exchange.endQuery();
        ObjectNode batch = stored.get(exchange.caller().tenant(), exchange.pathRest());
        exchange.reply(Reply.json(counted(batch)));
    }

    private ObjectNode counted(ObjectNode batch) {
        if (Set.of("in_progress", "cancelling").contains(batch.required("status").stringValue())) {
            runner.find(batch.required("id").stringValue()).ifPresent(job -> job.count(batch));
        }
        return batch;
    }

    /// Ends a batch early; the lines that are being answered come to their end.
    void cancel(Exchange exchange) {
        exchange.endQuery();
        String id = exchange.pathRest();
        ObjectNode cancelled =
                stored.change(
                        exchange.caller().tenant(),
                        id,
                        batch -> {
                            String status = batch.required("status").stringValue();
                            switch (status) {
                                case "validating", "in_progress" -> {
                                    batch.put("status", "cancelling");
                                    batch.put("cancelling_at", parts.names().now());
                                }
                                case "cancelling" -> {}
                                default ->
                                        throw ApiException.of(
                                                ApiException.Kind.CONFLICT,
                                                "found a batch that is %s, expected one that runs"
                                                        .formatted(status));
                            }
                        });
        runner.find(id).ifPresent(BatchJob::cancel);
        exchange.reply(Reply.json(counted(cancelled)));
    }

    /// Breaks off what runs; the next server goes on with it.
    @Override
    public void close() {
        runner.close();
    }
}
