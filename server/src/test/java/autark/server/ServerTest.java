package autark.server;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.Engine;
import autark.engine.ScriptedEngines;
import autark.server.models.Catalog;
import autark.server.models.ModelCard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerTest {
    private Engine engine;
    private Server server;
    private HttpClient client;

    @BeforeEach
    void start() {
        engine = ScriptedEngines.saying("hello there");
        server =
                Server.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Server.Parts.local(
                                Catalog.of(new ModelCard("m", Clock.systemUTC().instant()), engine),
                                Clock.systemUTC(),
                                new Random(1)));
        client = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        engine.close();
    }

    @Test
    void anAnswerIsWhole() throws IOException, InterruptedException {
        HttpResponse<String> response =
                post(
                        """
                        {"model": "m", "n": 2, "messages": [{"role": "user", "content": "hi"}]}
                        """);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("hello there", "\"index\":1");
    }

    @Test
    void anAnswerIsStreamed() throws IOException, InterruptedException {
        HttpResponse<String> response =
                post(
                        """
                        {"model": "m", "n": 2, "stream": true,
                         "messages": [{"role": "user", "content": "hi"}]}
                        """);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).startsWith("data: {").endsWith("data: [DONE]\n\n");
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:%d/v1/chat/completions"
                                                .formatted(server.port())))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
