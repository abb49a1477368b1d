package autark.server.openai;

import autark.server.desk.Job;
import autark.server.desk.Seat;
import autark.server.http.ApiException;
import autark.server.http.Exchange;
import autark.server.http.Fields;
import autark.server.http.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/responses`: answers that are kept, so that the next request can go on from one, and can be
/// written while nobody waits.
final class Responses implements AutoCloseable {
    private static final int ITEMS_PAGE_MAX = 100;
    private static final String PATH = "/v1/responses";

    private final OpenAi.Parts parts;
    private final StoredResponses stored;
    private final BackgroundRuns background = new BackgroundRuns();

    Responses(OpenAi.Parts parts) {
        this.parts = parts;
        this.stored = new StoredResponses(parts.tables(), parts.names());
    }

    /// Answers a request.
    ///
    /// @throws ApiException if it cannot be honoured
    void create(Exchange exchange) {
        Fields body = Fields.of(exchange.body());
        if (body.flag("background").orElse(false)) {
            exchange.reply(Reply.json(begin(exchange, body)));
            return;
        }
        Asker asker = Asker.of(parts.desk(), exchange);
        try (Seat seat = asker.seat(body.requiredText("model"))) {
            ResponseRequest asked = read(body, seat, asker);
            ResponseRun run = run(asked, seat, asker);
            if (asked.stream()) {
                try (EventStream out = EventStream.begin(exchange, parts.pingEvery())) {
                    run.finish(
                            event -> out.send(event.path("type").asString(""), event),
                            response -> keep(asker.caller().tenant(), asked, response));
                }
            } else {
                exchange.reply(Reply.json(whole(run, asked, asker)));
            }
        }
    }

    /// The whole answer to a request that asks for neither a stream nor the background.
    ///
    /// @throws ApiException if it cannot be honoured or fails
    ObjectNode answer(Asker asker, Fields body) {
        body.expect("stream", "false", "the answer goes into a file");
        body.expect("background", "false", "a batch is in the background");
        try (Seat seat = asker.seat(body.requiredText("model"))) {
            ResponseRequest asked = read(body, seat, asker);
            return whole(run(asked, seat, asker), asked, asker);
        }
    }

    private ResponseRequest read(Fields body, Seat seat, Asker asker) {
        return ResponseRequest.read(body, seat, asker.caller().tenant(), stored);
    }

    private ResponseRun run(ResponseRequest asked, Seat seat, Asker asker) {
        Job job = seat.answer(asker.prioritized(asked.request()), 1);
        return new ResponseRun(asked, seat, job, parts.names());
    }

    private ObjectNode whole(ResponseRun run, ResponseRequest asked, Asker asker) {
        ObjectNode response =
                run.finish(event -> {}, ended -> keep(asker.caller().tenant(), asked, ended));
        if (run.failure().isPresent()) {
            throw run.failure().get();
        }
        return response;
    }

    private void keep(String tenant, ResponseRequest asked, ObjectNode response) {
        if (asked.store()) {
            stored.put(tenant, new StoredResponses.Stored(response, asked.input()));
        }
    }

    /// Begins an answer that nobody waits for.
    private ObjectNode begin(Exchange exchange, Fields body) {
        Seat seat =
                parts.desk()
                        .seat(exchange.caller(), exchange.id(), PATH, body.requiredText("model"));
        try {
            Asker asker = Asker.of(parts.desk(), exchange);
            ResponseRequest asked = read(body, seat, asker);
            ResponseRun run = run(asked, seat, asker);
            String tenant = asker.caller().tenant();
            ObjectNode queued = run.begun("queued");
            keep(tenant, asked, queued);
            background.start(
                    queued.required("id").stringValue(),
                    seat,
                    () -> run.finish(event -> {}, ended -> keep(tenant, asked, ended)));
            return queued;
        } catch (RuntimeException e) {
            seat.close();
            throw e;
        }
    }

    /// A response that is kept.
    void show(Exchange exchange) {
        exchange.endQuery();
        exchange.reply(Reply.json(find(exchange).response()));
    }

    /// What a response says of itself by now.
    private StoredResponses.Stored find(Exchange exchange) {
        String tenant = exchange.caller().tenant();
        String id = exchange.pathRest();
        boolean running = background.isRunning(id);
        StoredResponses.Stored found = stored.get(tenant, id);
        ObjectNode response = found.response();
        if (found.status().equals("queued")) {
            if (running) {
                response.put("status", "in_progress");
            } else {
                response.put("status", "failed");
                ObjectNode error = response.putObject("error");
                error.put("code", "server_error");
                error.put("message", "the server stopped before the response was complete");
            }
        }
        return found;
    }

    /// Forgets a response.
    void delete(Exchange exchange) {
        exchange.endQuery();
        String id = exchange.pathRest();
        stored.get(exchange.caller().tenant(), id);
        background.cancel(id);
        stored.remove(exchange.caller().tenant(), id);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("id", id);
        body.put("object", "response");
        body.put("deleted", true);
        exchange.reply(Reply.json(body));
    }

    /// Ends a response that is written in the background.
    void cancel(Exchange exchange) {
        exchange.endQuery();
        StoredResponses.Stored found = stored.get(exchange.caller().tenant(), exchange.pathRest());
        if (!found.response().path("background").asBoolean(false)) {
            throw ApiException.of(
                    ApiException.Kind.INVALID,
                    "found a response that is not written in the background: close the connection"
                            + " to cancel it");
        }
        background.cancel(exchange.pathRest());
        exchange.reply(Reply.json(find(exchange).response()));
    }

    /// The items of the input of a response.
    void inputItems(Exchange exchange) {
        Paging paging = Paging.read(exchange, ITEMS_PAGE_MAX);
        exchange.endQuery();
        Map<String, JsonNode> items = new HashMap<>();
        List<String> ids = new ArrayList<>();
        for (JsonNode item : stored.get(exchange.caller().tenant(), exchange.pathRest()).input()) {
            String id = item.required("id").stringValue();
            if (items.put(id, item) == null) {
                ids.add(id);
            }
        }
        exchange.reply(Reply.json(paging.of(ids, id -> Optional.ofNullable(items.get(id)))));
    }

    /// Ends what is written in the background.
    @Override
    public void close() {
        background.close();
    }
}
