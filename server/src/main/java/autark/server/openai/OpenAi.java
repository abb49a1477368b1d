package autark.server.openai;

import autark.engine.Engine;
import autark.engine.Prompt;
import autark.engine.Request;
import autark.server.desk.Desk;
import autark.server.http.ErrorForm;
import autark.server.http.Fields;
import autark.server.http.Route;
import autark.server.http.Scope;
import autark.server.store.Tables;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// The dialect of OpenAI: its routes.
public final class OpenAi implements AutoCloseable {
    /// How long a stream may be silent.
    private static final Duration PING_EVERY = Duration.ofSeconds(15);

    private final Parts parts;
    private final Responses responses;

    private OpenAi(Parts parts) {
        this.parts = parts;
        this.responses = new Responses(parts);
    }

    /// What the routes are made with.
    ///
    /// @param tables where responses, files and batches are kept
    /// @param pingEvery how long a stream may be silent
    record Parts(Desk desk, Tables tables, Names names, Duration pingEvery) {}

    /// How failures are told.
    public static ErrorForm errors() {
        return new OpenAiErrors();
    }

    /// The prompt that the messages and tools of a body make, and no more of what a chat completion
    /// may ask.
    public static Request prompt(Fields body, Engine engine) {
        ThinkingFields thinking = ThinkingFields.read(body, engine);
        Prompt prompt = new Prompt.Messages(ChatMessages.read(body), thinking.variables());
        return Request.of(prompt).withTools(ToolFields.read(body, ToolFields.Shape.NESTED));
    }

    /// @param tables where responses, files and batches are kept
    /// @param random of names; for use by many threads
    public static OpenAi open(Desk desk, Tables tables, Clock clock, RandomGenerator random) {
        return open(new Parts(desk, tables, new Names(clock, random), PING_EVERY));
    }

    static OpenAi open(Parts parts) {
        return new OpenAi(parts);
    }

    /// The routes. They work until this is closed.
    public List<Route> routes() {
        ErrorForm errors = errors();
        ChatCompletions chat = new ChatCompletions(parts);
        Completions completions = new Completions(parts);
        Models models = new Models(parts.desk().catalog());
        return List.of(
                Route.post("/v1/chat/completions", Scope.ANSWERS, errors, chat::handle),
                Route.post("/v1/completions", Scope.ANSWERS, errors, completions::handle),
                Route.post("/v1/responses", Scope.ANSWERS, errors, responses::create),
                Route.get(
                        "/v1/responses/*/input_items",
                        Scope.ANSWERS,
                        errors,
                        responses::inputItems),
                Route.post("/v1/responses/*/cancel", Scope.ANSWERS, errors, responses::cancel)
                        .withBody(Route.Body.NONE),
                Route.get("/v1/responses/*", Scope.ANSWERS, errors, responses::show),
                Route.delete("/v1/responses/*", Scope.ANSWERS, errors, responses::delete),
                Route.get("/v1/models", Scope.ANSWERS, errors, models::list),
                Route.get("/v1/models/*", Scope.ANSWERS, errors, models::show));
    }

    @Override
    public void close() {
        responses.close();
    }
}
