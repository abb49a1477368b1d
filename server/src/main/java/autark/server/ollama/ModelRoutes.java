package autark.server.ollama;

import autark.server.desk.Desk;
import autark.server.http.Caller;
import autark.server.http.Exchange;
import autark.server.http.Fields;
import autark.server.http.Reply;
import autark.server.models.Catalog;
import autark.server.models.Keeper;
import autark.server.models.LoadedModel;
import autark.server.models.ModelCard;
import autark.server.models.ModelDetails;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Which models are here and which are loaded, what they are, and how they come and go.
final class ModelRoutes {
    /// When a model that stays loaded is unloaded.
    private static final String NEVER = "9999-12-31T23:59:59Z";

    private static final String SUCCESS = "success";

    private final Desk desk;
    private final Keeper keeper;

    ModelRoutes(Desk desk, Keeper keeper) {
        this.desk = desk;
        this.keeper = keeper;
    }

    /// `/api/tags`: the models that the caller may ask.
    void list(Exchange exchange) {
        exchange.endQuery();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode models = body.putArray("models");
        for (ModelCard card : desk.offered(exchange.caller())) {
            ObjectNode model = models.addObject();
            model.put("name", card.name());
            model.put("model", card.name());
            model.put("modified_at", card.created().toString());
            put(model, desk.catalog().details(card.name()));
        }
        exchange.reply(Reply.json(body));
    }

    /// `/api/ps`: those of them that are in memory.
    void loaded(Exchange exchange) {
        exchange.endQuery();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode models = body.putArray("models");
        for (LoadedModel loaded : desk.catalog().loaded()) {
            String name = loaded.card().name();
            if (!exchange.caller().mayAsk(name)) {
                continue;
            }
            ModelDetails details = desk.catalog().details(name);
            ObjectNode model = models.addObject();
            model.put("name", name);
            model.put("model", name);
            put(model, details);
            model.put("size", loaded.bytes());
            model.put("expires_at", loaded.until().map(Object::toString).orElse(NEVER));
            model.put("size_vram", 0);
            model.put("context_length", details.contextLength());
        }
        exchange.reply(Reply.json(body));
    }

    private static void put(ObjectNode model, ModelDetails details) {
        model.put("size", details.bytes());
        model.put("digest", details.digest());
        model.set("details", details(details));
    }

    private static ObjectNode details(ModelDetails details) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("parent_model", "");
        object.put("format", "gguf");
        object.put("family", details.architecture());
        object.putArray("families").add(details.architecture());
        object.put("parameter_size", inWords(details.parameters()));
        object.put("quantization_level", details.storage());
        return object;
    }

    /// As `134.52M`.
    private static String inWords(long parameters) {
        return parameters >= 1_000_000_000
                ? String.format(Locale.ROOT, "%.1fB", parameters / 1e9)
                : String.format(Locale.ROOT, "%.2fM", parameters / 1e6);
    }

    /// `/api/show`: what a model is.
    void show(Exchange exchange) {
        exchange.endQuery();
        Fields body = Fields.of(exchange.body());
        String asked = model(body);
        body.flag("verbose"); // all that is told is told always
        body.refuseText("system", "a model is shown as it is");
        body.refuseText("template", "a model is shown as it is");
        body.refuse("options", "a model is shown as it is");
        body.end();
        ModelCard card = desk.find(exchange.caller(), Tags.name(desk, exchange.caller(), asked));
        ModelDetails details = desk.catalog().details(card.name());
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        shown.put("license", details.licence());
        shown.put("modelfile", "FROM " + card.name() + "\n");
        shown.put("parameters", "");
        shown.put("template", details.template());
        shown.set("details", details(details));
        ObjectNode info = shown.putObject("model_info");
        info.put("general.architecture", details.architecture());
        info.put("general.parameter_count", details.parameters());
        info.put(details.architecture() + ".context_length", details.contextLength());
        info.put(details.architecture() + ".embedding_length", details.modelDim());
        ArrayNode capabilities = shown.putArray("capabilities");
        details.capabilities().forEach(capabilities::add);
        shown.put("modified_at", card.created().toString());
        exchange.reply(Reply.json(shown));
    }

    /// The name of a model, in one of the two fields that clients use for it.
    private static String model(Fields body) {
        Optional<String> name = body.text("name").filter(text -> !text.isEmpty());
        String model =
                body.text("model")
                        .filter(text -> !text.isEmpty())
                        .or(() -> name)
                        .orElseThrow(() -> body.missing("model"));
        if (name.isPresent() && !name.get().equals(model)) {
            throw body.invalid("name", "found it beside another model, expected one of them");
        }
        return model;
    }

    /// `/api/pull`: gets a model, and tells how far it is.
    void pull(Exchange exchange) {
        exchange.endQuery();
        Fields body = Fields.of(exchange.body());
        String name = model(body);
        body.expect("insecure", "false", "models come over connections that are checked");
        body.refuseText("username", "the environment of the server holds what is needed");
        body.refuseText("password", "the environment of the server holds what is needed");
        boolean stream = body.flag("stream").orElse(true);
        body.end();
        if (!stream) {
            keeper.pull(name, progress -> {});
            exchange.reply(Reply.json(status(SUCCESS)));
            return;
        }
        Lines.send(
                exchange,
                lines -> {
                    keeper.pull(name, progress -> lines.write(progress(progress)));
                    lines.write(status(SUCCESS));
                });
    }

    private static ObjectNode status(String words) {
        return JsonNodeFactory.instance.objectNode().put("status", words);
    }

    private static ObjectNode progress(Keeper.Progress progress) {
        ObjectNode line = status(progress.status());
        if (!progress.digest().isEmpty()) {
            line.put("digest", progress.digest());
        }
        if (progress.totalBytes() > 0) {
            line.put("total", progress.totalBytes());
            line.put("completed", progress.completedBytes());
        }
        return line;
    }

    /// `/api/copy`: gives a model another name.
    void copy(Exchange exchange) {
        exchange.endQuery();
        Fields body = Fields.of(exchange.body());
        String from = body.requiredText("source");
        String to = body.requiredText("destination");
        body.end();
        check(exchange.caller(), from);
        check(exchange.caller(), to);
        keeper.copy(from, to);
        exchange.reply(Reply.text("text/plain", ""));
    }

    /// `/api/delete`: takes a model away.
    void delete(Exchange exchange) {
        exchange.endQuery();
        Fields body = Fields.of(exchange.body());
        String name = model(body);
        body.end();
        check(exchange.caller(), name);
        keeper.delete(name);
        exchange.reply(Reply.text("text/plain", ""));
    }

    /// A key for some models changes no others.
    private static void check(Caller caller, String name) {
        if (!caller.mayAsk(name)) {
            throw Catalog.unknown(name);
        }
    }
}
