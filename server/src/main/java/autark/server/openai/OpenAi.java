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
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// The dialect of OpenAI: its routes.
public final class OpenAi implements AutoCloseable {
    /// How long a stream may be silent.
    private static final Duration PING_EVERY = Duration.ofSeconds(15);

    private final ChatCompletions chat;
    private final Completions completions;
    private final Responses responses;
    private final Models models;
    private final Files files;
    private final Batches batches;

    private OpenAi(Parts parts) {
        chat = new ChatCompletions(parts);
        completions = new Completions(parts);
        responses = new Responses(parts);
        models = new Models(parts.desk().catalog());
        StoredFiles stored = new StoredFiles(parts.tables(), parts.names());
        files = new Files(stored);
        batches =
                new Batches(
                        parts,
                        stored,
                        Map.of(
                                "/v1/chat/completions", chat::answer,
                                "/v1/completions", completions::answer,
                                "/v1/responses", responses::answer));
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
        return Stream.of(
                        answers(errors).stream(),
                        files(errors).stream(),
                        NotHere.routes(errors).stream())
                .flatMap(routes -> routes)
                .toList();
    }

    private List<Route> answers(ErrorForm errors) {
        Scope scope = Scope.ANSWERS;
        return List.of(
                Route.post("/v1/chat/completions", scope, errors, chat::handle),
                Route.post("/v1/completions", scope, errors, completions::handle),
                Route.post("/v1/responses", scope, errors, responses::create),
                Route.get("/v1/responses/*/input_items", scope, errors, responses::inputItems),
                Route.post("/v1/responses/*/cancel", scope, errors, responses::cancel)
                        .withBody(Route.Body.NONE),
                Route.get("/v1/responses/*", scope, errors, responses::show),
                Route.delete("/v1/responses/*", scope, errors, responses::delete),
                Route.get("/v1/models", scope, errors, models::list),
                Route.get("/v1/models/*", scope, errors, models::show));
    }

    private List<Route> files(ErrorForm errors) {
        Scope scope = Scope.FILES;
        return List.of(
                Route.post("/v1/files", scope, errors, files::create)
                        .withBody(Route.Body.MULTIPART),
                Route.get("/v1/files", scope, errors, files::list),
                Route.get("/v1/files/*/content", scope, errors, files::content),
                Route.get("/v1/files/*", scope, errors, files::show),
                Route.delete("/v1/files/*", scope, errors, files::delete),
                Route.post("/v1/batches", scope, errors, batches::create),
                Route.get("/v1/batches", scope, errors, batches::list),
                Route.post("/v1/batches/*/cancel", scope, errors, batches::cancel)
                        .withBody(Route.Body.NONE),
                Route.get("/v1/batches/*", scope, errors, batches::show));
    }

    @Override
    public void close() {
        batches.close();
        responses.close();
    }
}
