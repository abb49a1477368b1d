package autark.server.anthropic;

import autark.server.desk.Desk;
import autark.server.http.ApiException;
import autark.server.http.Exchange;
import autark.server.http.Reply;
import autark.server.models.ModelCard;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What the server offers to the caller, in the form of Anthropic.
final class ModelList {
    private static final int LIMIT = 20;
    private static final int LIMIT_MAX = 1000;

    private final Desk desk;

    ModelList(Desk desk) {
        this.desk = desk;
    }

    /// The models that the caller may ask, a page of them.
    void list(Exchange exchange) {
        int limit = exchange.query("limit").map(ModelList::limit).orElse(LIMIT);
        String after = exchange.query("after_id").orElse("");
        exchange.endQuery();
        List<ModelCard> rest =
                desk.offered(exchange.caller()).stream()
                        .filter(card -> card.name().compareTo(after) > 0)
                        .toList();
        List<ModelCard> page = rest.subList(0, Math.min(limit, rest.size()));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode data = body.putArray("data");
        page.forEach(card -> data.add(model(card)));
        body.put("has_more", page.size() < rest.size());
        body.put("first_id", page.isEmpty() ? null : page.getFirst().name());
        body.put("last_id", page.isEmpty() ? null : page.getLast().name());
        exchange.reply(Reply.json(body));
    }

    private static int limit(String text) {
        if (!text.matches("[1-9]\\d{0,3}") || Integer.parseInt(text) > LIMIT_MAX) {
            throw ApiException.field("limit", "limit: expected 1 to " + LIMIT_MAX);
        }
        return Integer.parseInt(text);
    }

    /// The model that the path names.
    void show(Exchange exchange) {
        exchange.endQuery();
        String name = exchange.pathRest();
        ModelCard card = desk.find(exchange.caller(), name);
        exchange.reply(Reply.json(model(card)));
    }

    private static ObjectNode model(ModelCard card) {
        ObjectNode model = JsonNodeFactory.instance.objectNode();
        model.put("type", "model");
        model.put("id", card.name());
        model.put("display_name", card.name());
        model.put("lifecycle", "active");
        model.put("created_at", card.created().toString());
        return model;
    }
}
