package autark.server.openai;

import autark.server.desk.Desk;
import autark.server.http.ErrorForm;
import autark.server.http.Route;
import autark.server.http.Scope;
import java.time.Clock;
import java.util.List;
import java.util.random.RandomGenerator;

/// The dialect of OpenAI: its routes.
public final class OpenAi {
    private OpenAi() {}

    /// How failures are told.
    public static ErrorForm errors() {
        return new OpenAiErrors();
    }

    /// @param names of answers; for use by many threads
    public static List<Route> routes(Desk desk, Clock clock, RandomGenerator names) {
        ErrorForm errors = errors();
        ChatCompletions chat = new ChatCompletions(desk, clock, names);
        Models models = new Models(desk.catalog());
        return List.of(
                Route.post("/v1/chat/completions", Scope.ANSWERS, errors, chat::handle),
                Route.get("/v1/models", Scope.ANSWERS, errors, models::list),
                Route.get("/v1/models/*", Scope.ANSWERS, errors, models::show));
    }
}
