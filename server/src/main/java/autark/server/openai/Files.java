package autark.server.openai;

import autark.server.http.ApiException;
import autark.server.http.Exchange;
import autark.server.http.Outflow;
import autark.server.http.Reply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/files`: what batches read and write.
final class Files {
    private static final int PAGE_MAX = 10_000;
    private static final String PURPOSE = "batch";
    private static final String ANCHOR = "expires_after[anchor]";
    private static final String SECONDS = "expires_after[seconds]";
    private static final long LIFE_SECONDS_MIN = 3600;
    private static final long LIFE_SECONDS_MAX = 2_592_000;

    private final StoredFiles stored;

    Files(StoredFiles stored) {
        this.stored = stored;
    }

    /// Takes a file.
    void create(Exchange exchange) {
        String type = exchange.header("content-type").orElse("");
        Map<String, MultipartForm.Part> parts = new HashMap<>();
        for (MultipartForm.Part part : MultipartForm.read(type, exchange.body())) {
            parts.put(part.name(), part);
        }
        MultipartForm.Part file = required(parts, "file");
        String purpose = required(parts, "purpose").text();
        if (!purpose.equals(PURPOSE)) {
            throw ApiException.field(
                            "purpose",
                            "purpose: found \"%s\", supported is only batch"
                                    .formatted(shortened(purpose)))
                    .withCode("unsupported_parameter");
        }
        long life = life(parts);
        if (!parts.isEmpty()) {
            String name = shortened(parts.keySet().iterator().next());
            throw ApiException.field(name, "unknown field " + name).withCode("unknown_parameter");
        }
        stored.checkRoom(exchange.caller().tenant());
        String name = file.fileName().isEmpty() ? "file" : file.fileName();
        exchange.reply(
                Reply.json(
                        stored.put(
                                exchange.caller().tenant(),
                                stored.newId(),
                                new StoredFiles.Label(name, purpose, life),
                                List.of(file.content()).iterator())));
    }

    private static MultipartForm.Part required(Map<String, MultipartForm.Part> parts, String name) {
        return Optional.ofNullable(parts.remove(name))
                .orElseThrow(() ->
                        ApiException.field(name, name + ": is missing")
                                .withCode("missing_required_parameter"));
    }

    private static long life(Map<String, MultipartForm.Part> parts) {
        if (!parts.containsKey(ANCHOR) && !parts.containsKey(SECONDS)) {
            return 0;
        }
        if (!required(parts, ANCHOR).text().equals("created_at")) {
            throw ApiException.field(ANCHOR, ANCHOR + ": expected created_at");
        }
        return life(SECONDS, required(parts, SECONDS).text());
    }

    /// How long a file is kept.
    private static long life(String name, String seconds) {
        try {
            long life = Long.parseLong(seconds);
            if (life >= LIFE_SECONDS_MIN && life <= LIFE_SECONDS_MAX) {
                return life;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw ApiException.field(
                name, "%s: expected %d to %d".formatted(name, LIFE_SECONDS_MIN, LIFE_SECONDS_MAX));
    }

    /// The files.
    void list(Exchange exchange) {
        Paging paging = Paging.read(exchange, PAGE_MAX);
        Optional<String> purpose = exchange.query("purpose");
        exchange.endQuery();
        String tenant = exchange.caller().tenant();
        exchange.reply(
                Reply.json(
                        paging.of(
                                stored.ids(tenant),
                                id ->
                                        stored.find(tenant, id)
                                                .filter(file -> isFor(file, purpose)))));
    }

    private static boolean isFor(JsonNode file, Optional<String> purpose) {
        return purpose.isEmpty() || file.path("purpose").asString("").equals(purpose.get());
    }

    /// What a file is.
    void show(Exchange exchange) {
        exchange.endQuery();
        exchange.reply(Reply.json(stored.get(exchange.caller().tenant(), exchange.pathRest())));
    }

    /// What is in a file.
    void content(Exchange exchange) {
        exchange.endQuery();
        String tenant = exchange.caller().tenant();
        String id = exchange.pathRest();
        stored.get(tenant, id);
        byte[] first = stored.piece(tenant, id, 0).orElse(new byte[0]);
        Reply head = new Reply(200, "application/octet-stream", Map.of(), first);
        if (stored.piece(tenant, id, 1).isEmpty()) {
            exchange.reply(head);
            return;
        }
        try (Outflow out = exchange.stream(head)) {
            Optional<byte[]> piece = stored.piece(tenant, id, 1);
            for (int index = 2; piece.isPresent(); index++) {
                out.write(piece.get());
                piece = stored.piece(tenant, id, index);
            }
        }
    }

    /// Forgets a file.
    void delete(Exchange exchange) {
        exchange.endQuery();
        String tenant = exchange.caller().tenant();
        String id = exchange.pathRest();
        stored.get(tenant, id);
        stored.remove(tenant, id);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("id", id);
        body.put("object", "file");
        body.put("deleted", true);
        exchange.reply(Reply.json(body));
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(40, text.length()));
    }
}
