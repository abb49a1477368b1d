package autark.server.openai;

import autark.server.http.Caller;
import autark.server.http.Exchange;
import autark.server.http.Reply;
import autark.server.models.Catalog;
import autark.server.models.ModelCard;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/models`: what the server offers to the caller.
final class Models {
    private final Catalog catalog;

    Models(Catalog catalog) {
        this.catalog = catalog;
    }

    /// All models that the caller may ask.
    void list(Exchange exchange) {
        exchange.endQuery();
        Caller caller = exchange.caller();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("object", "list");
        ArrayNode data = body.putArray("data");
        for (ModelCard card : catalog.models()) {
            if (caller.mayAsk(card.name())) {
                data.add(model(card));
            }
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
        model.put("id", card.name());
        model.put("object", "model");
        model.put("created", card.created().getEpochSecond());
        model.put("owned_by", "autark");
        return model;
    }
}
