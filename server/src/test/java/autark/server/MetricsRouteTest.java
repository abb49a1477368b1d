package autark.server;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.Engine;
import autark.engine.ScriptedEngines;
import autark.server.access.Bookkeeping;
import autark.server.http.DoorOptions;
import autark.server.http.Gate;
import autark.server.models.Catalog;
import autark.server.models.Keeper;
import autark.server.models.ModelCard;
import autark.server.observe.Log;
import autark.server.observe.Metrics;
import autark.server.observe.Observation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// What is told of requests that come through the port.
final class MetricsRouteTest {
    private static final String SECRET = "my secret prompt";
    private static final String SAID = "a secret answer";

    @Test
    void requestsAreCountedAndLoggedWithoutWhatTheySay() throws IOException, InterruptedException {
        List<String> lines = new CopyOnWriteArrayList<>();
        Clock clock = Clock.systemUTC();
        String metrics;
        try (Engine engine = ScriptedEngines.saying(SAID);
                HttpClient client = HttpClient.newHttpClient()) {
            Catalog catalog = Catalog.of(new ModelCard("m", Instant.EPOCH), engine);
            Observation observation =
                    new Observation(
                            new Metrics(catalog, Metrics.Names.OWN_AND_VLLM, clock),
                            new Log(Log.Form.TEXT, Log.Level.INFO, clock, lines::add));
            Server.Parts parts =
                    new Server.Parts(
                            catalog,
                            Keeper.none(),
                            Bookkeeping.none(Gate.open()),
                            observation,
                            Optional::empty,
                            clock,
                            new Random(1));
            try (Server server = Server.start(DoorOptions.loopback(0), parts)) {
                String root = "http://127.0.0.1:" + server.port();
                assertThat(post(client, root, "m").body()).contains(SAID);
                assertThat(post(client, root, "absent").statusCode()).isEqualTo(404);
                metrics = get(client, root + "/metrics").body();
                assertThat(get(client, root + "/metrics?x=1").statusCode()).isEqualTo(400);
                get(client, root + "/" + SECRET.replace(' ', '-'));
            }
        }
        assertThat(metrics.lines())
                .contains(
                        "autark_requests_total{status=\"200\"} 1",
                        "autark_requests_total{status=\"404\"} 1",
                        "autark_requests_open 1",
                        "autark_answers_total{model=\"m\",end=\"stop\"} 1",
                        "vllm:request_success_total{model_name=\"m\",finished_reason=\"stop\"} 1");
        assertThat(lines)
                .hasSize(5)
                .anyMatch(line -> line.contains("route=/v1/chat/completions status=200 model=m"))
                .anyMatch(line -> line.contains("route=/v1/chat/completions status=404 ms="))
                .anyMatch(line -> line.contains("method=GET route=/metrics status=400"))
                .anyMatch(line -> line.contains("method=GET route=\"\" status=404"))
                .noneMatch(line -> line.contains("secret"));
        assertThat(metrics).doesNotContain("secret");
    }

    private static HttpResponse<String> post(HttpClient client, String root, String model)
            throws IOException, InterruptedException {
        String body =
                """
                {"model": "%s", "messages": [{"role": "user", "content": "%s"}]}
                """
                        .formatted(model, SECRET);
        return client.send(
                HttpRequest.newBuilder(URI.create(root + "/v1/chat/completions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(HttpClient client, String address)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(address)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
