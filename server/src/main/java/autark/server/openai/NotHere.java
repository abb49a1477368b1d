package autark.server.openai;

import autark.server.http.ApiException;
import autark.server.http.ErrorForm;
import autark.server.http.Route;
import autark.server.http.Scope;
import java.util.List;

/// Routes of OpenAI that no model here can answer: they say so, and what to do instead. The status
/// is that of a route that does not exist, since clients try again what failed with one of 5xx.
final class NotHere {
    private static final String ELSE = "ask a server that has a model for it";

    private NotHere() {}

    static List<Route> routes(ErrorForm errors) {
        return List.of(
                route("/v1/embeddings", "no model here makes embeddings: " + ELSE, errors),
                route(
                        "/v1/moderations",
                        "no model here is made to moderate: ask one with /v1/chat/completions, and"
                                + " have it answer in a JSON Schema",
                        errors),
                route("/v1/images/*", "no model here makes images: " + ELSE, errors),
                route("/v1/audio/*", "no model here hears or speaks: " + ELSE, errors),
                route(
                        "/v1/rerank",
                        "no model here is made to rank: ask one with /v1/completions, echo and"
                                + " logprobs",
                        errors));
    }

    private static Route route(String path, String why, ErrorForm errors) {
        return Route.post(
                        path,
                        Scope.ANSWERS,
                        errors,
                        exchange -> {
                            throw ApiException.of(
                                            ApiException.Kind.NOT_FOUND, "is not supported: " + why)
                                    .withCode("unsupported_endpoint");
                        })
                .withBody(Route.Body.JSON_UNSAID);
    }
}
