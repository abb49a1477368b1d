package autark.server.openai;

import autark.engine.Engine;
import autark.server.access.Accounts;
import autark.server.desk.Desk;
import autark.server.http.Caller;
import autark.server.http.Door;
import autark.server.http.DoorOptions;
import autark.server.http.Scope;
import autark.server.models.Catalog;
import autark.server.models.ModelCard;
import autark.server.store.Tables;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The routes of the dialect on a port of their own, with one model, `m`. A key is the name of its
/// tenant.
final class OpenAiServer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Engine engine;
    private final OpenAi openAi;
    private final Door door;
    private final HttpClient client = HttpClient.newHttpClient();

    /// Takes the engine over.
    OpenAiServer(Engine engine) {
        this(engine, Tables.inMemory(), Clock.systemUTC(), Duration.ofMinutes(1));
    }

    OpenAiServer(Engine engine, Tables tables, Clock clock, Duration pingEvery) {
        this.engine = engine;
        Desk desk =
                new Desk(
                        Catalog.of(new ModelCard("m", Instant.EPOCH), engine),
                        Accounts.unlimited(),
                        Desk.Observer.none(),
                        clock,
                        new Random(1));
        openAi =
                OpenAi.open(
                        new OpenAi.Parts(desk, tables, new Names(clock, new Random(2)), pingEvery));
        door =
                Door.open(
                        DoorOptions.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        openAi.routes(),
                        key -> caller(key.orElse("")),
                        Map.of("/", OpenAi.errors()));
    }

    private static Caller caller(String key) {
        return new Caller(key, key, Set.of(Scope.values()), Set.of());
    }

    String address() {
        return "http://127.0.0.1:" + door.port();
    }

    HttpClient client() {
        return client;
    }

    /// The answer to a request with a body of JSON.
    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(
                request(path, "")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /// The whole answer to a request that succeeds.
    JsonNode answer(String path, String body) throws IOException, InterruptedException {
        return succeeded(post(path, body));
    }

    /// What is wrong with a request.
    JsonNode refusal(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = post(path, body);
        if (response.statusCode() / 100 != 4) {
            throw new AssertionError(response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body()).required("error");
    }

    /// The events of an answer, without the last one, which has to be `[DONE]`.
    List<JsonNode> events(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = post(path, body);
        if (response.statusCode() != 200 || !response.body().endsWith("\n\ndata: [DONE]\n\n")) {
            throw new AssertionError(response.statusCode() + ": " + response.body());
        }
        List<JsonNode> events = new ArrayList<>();
        for (String event : response.body().split("\n\n", -1)) {
            if (event.startsWith("data: {")) {
                events.add(JSON.readTree(event.substring("data: ".length())));
            }
        }
        return events;
    }

    /// The events of a response, whose names have to be their types.
    List<JsonNode> namedEvents(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = post(path, body);
        List<JsonNode> events = new ArrayList<>();
        for (String event : response.body().strip().split("\n\n", -1)) {
            String[] lines = event.split("\n", -1);
            JsonNode data = JSON.readTree(lines[1].substring("data: ".length()));
            if (!lines[0].equals("event: " + data.required("type").stringValue())) {
                throw new AssertionError(event);
            }
            events.add(data);
        }
        return events;
    }

    /// Sends a file of requests.
    ///
    /// @return its id
    String upload(String content, String tenant) throws IOException, InterruptedException {
        String form =
                """
                --b\r
                Content-Disposition: form-data; name="purpose"\r
                \r
                batch\r
                --b\r
                Content-Disposition: form-data; name="file"; filename="in.jsonl"\r
                Content-Type: application/jsonl\r
                \r
                %s\r
                --b--\r
                """
                        .formatted(content);
        HttpResponse<String> response =
                send(
                        request("/v1/files", tenant)
                                .header("Content-Type", "multipart/form-data; boundary=b")
                                .POST(HttpRequest.BodyPublishers.ofString(form)));
        return succeeded(response).required("id").stringValue();
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return succeeded(send(request(path, "")));
    }

    /// Sends what a tenant asks.
    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpRequest.Builder request(String path, String tenant) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + path));
        return tenant.isEmpty() ? request : request.header("Authorization", "Bearer " + tenant);
    }

    static JsonNode succeeded(HttpResponse<String> response) {
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }

    @Override
    public void close() {
        client.close();
        door.close();
        openAi.close();
        engine.close();
    }
}
