package autark.server.ollama;

import autark.server.desk.Desk;
import autark.server.http.ApiException;
import autark.server.http.ErrorForm;
import autark.server.http.Reply;
import autark.server.http.Route;
import autark.server.http.Scope;
import autark.server.models.Keeper;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;

/// The dialect of Ollama: its routes.
public final class Ollama {
    /// The version of Ollama whose interface is spoken.
    private static final String VERSION = "0.12.11";

    /// What is not done here, and what is instead.
    private static final SortedMap<String, String> REFUSED =
            new TreeMap<>(
                    Map.of(
                            "/api/create", "models are made of model files: autark import",
                            "/api/push", "nothing leaves this machine",
                            "/api/embed", "models here write text",
                            "/api/embeddings", "models here write text",
                            "/api/blobs/*", "model files come by autark import"));

    private Ollama() {}

    /// How failures are told.
    public static ErrorForm errors() {
        return new OllamaErrors();
    }

    /// @param keeper changes which models are here
    public static List<Route> routes(Desk desk, Keeper keeper, Clock clock) {
        ErrorForm errors = errors();
        Answers generate = new Answers(desk, clock, Dialogue.GENERATE);
        Answers chat = new Answers(desk, clock, Dialogue.CHAT);
        ModelRoutes models = new ModelRoutes(desk, keeper);
        Route.Handler alive =
                exchange -> exchange.reply(Reply.text("text/plain", "Ollama is running"));
        Route.Handler version =
                exchange ->
                        exchange.reply(
                                Reply.json(
                                        JsonNodeFactory.instance
                                                .objectNode()
                                                .put("version", VERSION)));
        List<Route> routes = new ArrayList<>();
        routes.add(Route.get("/", Scope.OPEN, errors, alive));
        routes.add(Route.get("/api/version", Scope.OPEN, errors, version));
        routes.add(Route.post("/api/generate", Scope.ANSWERS, errors, generate::handle));
        routes.add(Route.post("/api/chat", Scope.ANSWERS, errors, chat::handle));
        routes.add(Route.get("/api/tags", Scope.ANSWERS, errors, models::list));
        routes.add(Route.get("/api/ps", Scope.ANSWERS, errors, models::loaded));
        routes.add(Route.post("/api/show", Scope.ANSWERS, errors, models::show));
        routes.add(Route.post("/api/pull", Scope.MODELS, errors, models::pull));
        routes.add(Route.post("/api/copy", Scope.MODELS, errors, models::copy));
        routes.add(
                Route.delete("/api/delete", Scope.MODELS, errors, models::delete)
                        .withBody(Route.Body.JSON));
        REFUSED.forEach((path, why) ->
                routes.add(
                        Route.post(
                                path,
                                Scope.MODELS,
                                errors,
                                exchange -> {
                                    throw ApiException.of(
                                            ApiException.Kind.INVALID,
                                            exchange.path() + " is not supported: " + why);
                                })));
        return routes.stream().map(Ollama::unsaid).toList();
    }

    /// What comes from clients of Ollama is JSON whether they say so or not.
    private static Route unsaid(Route route) {
        return route.method().equals("GET") ? route : route.withBody(Route.Body.JSON_UNSAID);
    }
}
