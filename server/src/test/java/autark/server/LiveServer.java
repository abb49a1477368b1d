package autark.server;

import autark.engine.Engine;
import autark.server.access.Accounts;
import autark.server.access.Bookkeeping;
import autark.server.http.Gate;
import autark.server.http.Route;
import autark.server.models.Catalog;
import autark.server.models.Keeper;
import autark.server.models.ModelCard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server on a port of its own, with the model `m`, and a client of it.
public final class LiveServer implements AutoCloseable {
    public static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    /// A chat template that knows thinking, how to turn it on and off, and tools.
    public static final String TEMPLATE =
            """
            {%- for message in messages %}
            {{- '<|im_start|>' + message.role + '\\n' }}
            {%- if message.reasoning_content %}
            {{- '<think>' + message.reasoning_content + '</think>' }}
            {%- endif %}
            {{- message.content }}
            {%- for call in message.tool_calls or [] %}
            {{- '<tool_call>\\n' + (call.function | tojson) + '\\n</tool_call>' }}
            {%- endfor %}
            {{- '<|im_end|>\\n' }}
            {%- endfor %}
            {%- if tools %}{{- tools | tojson }}{%- endif %}
            {%- if enable_thinking is defined %}{{- enable_thinking }}{%- endif %}
            {{- reasoning_effort }}
            {%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}
            """;

    private final Engine engine;
    private final Server server;
    private final HttpClient client = HttpClient.newHttpClient();

    /// Takes the engine over and closes it at the end.
    public LiveServer(Engine engine) {
        this(engine, Accounts.unlimited(), Keeper.none(), Optional.empty());
    }

    /// As the other form.
    ///
    /// @param obstacle why no model can be asked
    public LiveServer(Engine engine, Accounts accounts, Keeper keeper, Optional<String> obstacle) {
        this.engine = engine;
        Server.Parts usual =
                Server.Parts.local(
                        Catalog.of(new ModelCard("m", NOW), engine),
                        Clock.fixed(NOW, ZoneOffset.UTC),
                        new Random(1));
        this.server =
                Server.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new Server.Parts(
                                usual.catalog(),
                                keeper,
                                Bookkeeping.of(Gate.open(), accounts, usual.books().tables()),
                                usual.observation(),
                                () -> obstacle,
                                usual.clock(),
                                usual.seeds()));
    }

    public HttpClient client() {
        return client;
    }

    /// All that the server answers.
    public List<Route> routes() {
        return server.routes();
    }

    /// As `http://127.0.0.1:8080`.
    public String address() {
        return "http://127.0.0.1:" + server.port();
    }

    public HttpResponse<String> post(String path, String body, String... headers) {
        return send(
                request(path, headers)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers));
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    /// The data of server-sent events.
    public static List<JsonNode> events(HttpResponse<String> response) {
        List<JsonNode> events = new ArrayList<>();
        for (String line : response.body().lines().toList()) {
            if (line.startsWith("data: {")) {
                events.add(JsonMapper.shared().readTree(line.substring("data: ".length())));
            }
        }
        return events;
    }

    /// Lines of JSON.
    public static List<JsonNode> lines(HttpResponse<String> response) {
        return response.body().lines().map(line -> JsonMapper.shared().readTree(line)).toList();
    }

    @Override
    public void close() {
        client.close();
        server.close();
        engine.close();
    }
}
