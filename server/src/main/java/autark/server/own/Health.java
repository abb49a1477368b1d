package autark.server.own;

import autark.server.http.Exchange;
import autark.server.http.Reply;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Whether the server lives, and whether it is worth asking.
///
/// @param obstacle why no model can be asked now; nothing if one can
record Health(Supplier<Optional<String>> obstacle) {
    private static final int UNAVAILABLE = 503;
    private static final Reply OK = Reply.text("text/plain", "ok\n");

    /// `/healthz`: the process answers.
    static void live(Exchange exchange) {
        exchange.endQuery();
        exchange.reply(OK);
    }

    /// `/readyz`: requests are worth sending here.
    void ready(Exchange exchange) {
        exchange.endQuery();
        Optional<String> why = obstacle.get();
        exchange.reply(
                why.map(text -> Reply.text("text/plain", text + "\n").withStatus(UNAVAILABLE))
                        .orElse(OK));
    }

    /// `/health`: the same in the form of llama-server.
    void tell(Exchange exchange) {
        exchange.endQuery();
        Optional<String> why = obstacle.get();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (why.isEmpty()) {
            exchange.reply(Reply.json(body.put("status", "ok")));
            return;
        }
        ObjectNode error = body.putObject("error");
        error.put("code", UNAVAILABLE);
        error.put("message", why.get());
        error.put("type", "unavailable_error");
        exchange.reply(Reply.json(body).withStatus(UNAVAILABLE));
    }
}
