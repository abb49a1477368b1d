package autark.server.anthropic;

import autark.server.desk.Desk;
import autark.server.http.ErrorForm;
import autark.server.http.Route;
import autark.server.http.Scope;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// The dialect of Anthropic: its routes.
public final class Anthropic {
    private static final String VERSION = "anthropic-version";

    private Anthropic() {}

    /// How failures are told.
    public static ErrorForm errors() {
        return new AnthropicErrors();
    }

    /// @param names of answers; for use by many threads
    /// @param silence after which a stream gives a sign of life
    public static List<Route> routes(Desk desk, RandomGenerator names, Duration silence) {
        ErrorForm errors = errors();
        Messages messages = new Messages(desk, names, silence);
        return List.of(
                Route.post("/v1/messages", Scope.ANSWERS, errors, messages::answer),
                Route.post("/v1/messages/count_tokens", Scope.ANSWERS, errors, messages::count));
    }

    /// The routes of another dialect, where those of models answer in this one if a client says
    /// that it speaks it: both have the same paths.
    public static List<Route> sharing(List<Route> others, Desk desk) {
        ModelList models = new ModelList(desk);
        return others.stream()
                .map(route ->
                        switch (route.method() + " " + route.path()) {
                            case "GET /v1/models" -> either(route, models::list);
                            case "GET /v1/models/*" -> either(route, models::show);
                            default -> route;
                        })
                .toList();
    }

    private static Route either(Route route, Route.Handler own) {
        return new Route(
                route.method(),
                route.path(),
                route.scope(),
                route.body(),
                route.errors(),
                exchange -> {
                    boolean asked = exchange.header(VERSION).isPresent();
                    (asked ? own : route.handler()).handle(exchange);
                });
    }
}
