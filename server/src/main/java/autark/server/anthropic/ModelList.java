package autark.server.anthropic;

import autark.server.http.Caller;
import autark.server.http.Exchange;
import autark.server.http.Reply;
import autark.server.models.Catalog;
import autark.server.models.ModelCard;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What the server offers to the caller, in the form of Anthropic. All models stand on one page.
final class ModelList {
    private final Catalog catalog;

    ModelList(Catalog catalog) {
        this.catalog = catalog;
    }

    /// All models that the caller may ask.
    void list(Exchange exchange) {
        exchange.query("limit"); // there are never as many that a page would not hold them
        exchange.endQuery();
        Caller caller = exchange.caller();
        List<ModelCard> cards =
                catalog.models().stream().filter(card -> caller.mayAsk(card.name())).toList();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode data = body.putArray("data");
        cards.forEach(card -> data.add(model(card)));
        body.put("has_more", false);
        if (cards.isEmpty()) {
            body.putNull("first_id");
            body.putNull("last_id");
        } else {
            body.put("first_id", cards.getFirst().name());
            body.put("last_id", cards.getLast().name());
        }
        exchange.reply(Reply.json(body));
    }

    /// The model that the path names.
    void show(Exchange exchange) {
        exchange.endQuery();
        String name = exchange.pathRest();
        ModelCard card =
                catalog.find(name)
                        .filter(found -> exchange.caller().mayAsk(found.name()))
                        .orElseThrow(() -> Catalog.unknown(name));
        exchange.reply(Reply.json(model(card)));
    }

    private static ObjectNode model(ModelCard card) {
        ObjectNode model = JsonNodeFactory.instance.objectNode();
        model.put("type", "model");
        model.put("id", card.name());
        model.put("display_name", card.name());
        model.put("created_at", card.created().toString());
        return model;
    }
}
