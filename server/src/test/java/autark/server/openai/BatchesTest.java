package autark.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.Engine;
import autark.engine.ScriptedEngines;
import autark.server.store.Table;
import autark.server.store.Tables;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BatchesTest {
    private static final String PATH = "/v1/batches";
    private static final String CHAT = "/v1/chat/completions";
    private static final String HI = "\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]";
    private static final JsonMapper JSON = JsonMapper.shared();

    private static String line(String id, String url, String body) {
        return "{\"custom_id\": \"%s\", \"method\": \"POST\", \"url\": \"%s\", \"body\": {\"model\": \"m\", %s}}\n"
                .formatted(id, url, body);
    }

    private static OpenAiServer server(Engine engine, Tables tables, Clock clock) {
        return new OpenAiServer(engine, tables, clock, Duration.ofMinutes(1));
    }

    private static String create(OpenAiServer server, String endpoint, String lines)
            throws IOException, InterruptedException {
        return server.answer(
                        PATH,
                        """
                        {"input_file_id": "%s", "endpoint": "%s", "completion_window": "24h",
                         "metadata": {"job": "7"}}\
                        """
                                .formatted(server.upload(lines, ""), endpoint))
                .required("id")
                .stringValue();
    }

    private static JsonNode ended(OpenAiServer server, String id)
            throws IOException, InterruptedException {
        List<String> open = List.of("validating", "in_progress", "finalizing", "cancelling");
        JsonNode batch = server.get(PATH + "/" + id);
        while (open.contains(batch.required("status").stringValue())) {
            batch = server.get(PATH + "/" + id);
        }
        return batch;
    }

    private static List<JsonNode> lines(OpenAiServer server, JsonNode file)
            throws IOException, InterruptedException {
        String path = "/v1/files/" + file.stringValue() + "/content";
        List<JsonNode> lines = new ArrayList<>();
        server.send(server.request(path, ""))
                .body()
                .lines()
                .forEach(line -> lines.add(JSON.readTree(line)));
        return lines;
    }

    @Test
    void eachLineIsAnsweredOrTold() throws IOException, InterruptedException {
        String lines =
                line("a", CHAT, HI)
                        + "\n"
                        + line("b", CHAT, HI + ", \"audio\": {}")
                        + line("c", CHAT, HI + ", \"stream\": true")
                        + line("d", CHAT, HI).replace("\"m\"", "\"none\"")
                        + line("e", CHAT, HI);
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("hello"))) {
            JsonNode batch = ended(server, create(server, CHAT, lines));

            assertThat(batch.required("status").stringValue()).isEqualTo("completed");
            assertThat(batch.required("request_counts"))
                    .hasToString("{\"total\":5,\"completed\":2,\"failed\":3}");
            assertThat(batch.required("metadata")).hasToString("{\"job\":\"7\"}");
            List<JsonNode> output = lines(server, batch.required("output_file_id"));
            assertThat(output.stream().map(line -> line.required("custom_id").stringValue()))
                    .containsExactly("a", "e");
            assertThat(output.getFirst().required("response").toString())
                    .startsWith("{\"status_code\":200,\"request_id\":\"batch_req_")
                    .contains("\"object\":\"chat.completion\"", "\"content\":\"hello\"");
            List<JsonNode> errors = lines(server, batch.required("error_file_id"));
            assertThat(
                            errors.stream()
                                    .map(line ->
                                            line.required("custom_id").stringValue()
                                                    + line.at("/response/status_code")
                                                    + line.at("/response/body/error/param")))
                    .containsExactly("b400\"audio\"", "c400\"stream\"", "d404\"model\"");
        }
    }

    @Test
    void otherEndpointsAnswer() throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("hello"))) {
            String completions = "/v1/completions";
            String responses = "/v1/responses";
            JsonNode texts =
                    ended(
                            server,
                            create(
                                    server,
                                    completions,
                                    line("a", completions, "\"prompt\": \"x\"")));
            JsonNode kept =
                    ended(
                            server,
                            create(server, responses, line("a", responses, "\"input\": \"x\"")));

            assertThat(lines(server, texts.required("output_file_id")).toString())
                    .contains("text_completion");
            JsonNode response =
                    lines(server, kept.required("output_file_id")).getFirst().at("/response/body");
            assertThat(server.get("/v1/responses/" + response.required("id").stringValue()))
                    .isEqualTo(response);
        }
    }

    @Test
    void aFileThatIsNoneOfRequestsFails() throws IOException, InterruptedException {
        String lines =
                line("a", CHAT, HI)
                        + "{\n"
                        + line("a", CHAT, HI)
                        + line("b", "/v1/completions", HI)
                        + line("c", CHAT, HI).replace("POST", "GET");
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("hello"))) {
            JsonNode batch = ended(server, create(server, CHAT, lines));
            JsonNode empty = ended(server, create(server, CHAT, "\n"));

            assertThat(batch.required("status").stringValue()).isEqualTo("failed");
            assertThat(
                            batch.at("/errors/data")
                                    .valueStream()
                                    .map(error ->
                                            error.required("line")
                                                    + error.required("code").stringValue()))
                    .containsExactly(
                            "2invalid_request",
                            "3duplicate_custom_id",
                            "4mismatched_endpoint",
                            "5invalid_request");
            assertThat(empty.at("/errors/data/0/code").stringValue()).isEqualTo("empty_file");
        }
    }

    @Test
    void aBatchGoesOnWhereItWas() throws IOException, InterruptedException {
        Tables tables = Tables.inMemory();
        Semaphore steps = new Semaphore(0);
        StringBuilder lines = new StringBuilder();
        IntStream.range(0, 30).forEach(i -> lines.append(line("n" + i, CHAT, HI)));
        String id;
        try (OpenAiServer server =
                server(
                        ScriptedEngines.stepping(steps::acquireUninterruptibly),
                        tables,
                        Clock.systemUTC())) {
            id = create(server, CHAT, lines.toString());
            while (server.get(PATH + "/" + id).at("/request_counts/completed").intValue() < 3) {
                steps.release();
            }
            Thread closing = Thread.ofVirtual().start(server::close);
            while (closing.isAlive()) {
                steps.release();
                closing.join(Duration.ofMillis(1));
            }
        }
        Table kept = tables.table("batch-lines", "");
        List<String> before =
                kept.names().stream()
                        .map(name ->
                                new String(kept.get(name).orElseThrow(), StandardCharsets.UTF_8))
                        .toList();
        try (OpenAiServer server =
                server(ScriptedEngines.saying("ok"), tables, Clock.systemUTC())) {
            JsonNode batch = ended(server, id);
            List<JsonNode> output = lines(server, batch.required("output_file_id"));

            assertThat(before).hasSizeBetween(3, 29);
            assertThat(output.stream().map(line -> line.required("custom_id").stringValue()))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 30).mapToObj(i -> "n" + i).toList());
            assertThat(output)
                    .containsAll(
                            before.stream().map(line -> JSON.readTree(line.substring(1))).toList());
            assertThat(kept.names()).isEmpty();
            assertThat(tables.table("open-batches", "").names()).isEmpty();
        }
    }

    @Test
    void aBatchIsCancelled() throws IOException, InterruptedException {
        Semaphore steps = new Semaphore(0);
        StringBuilder lines = new StringBuilder();
        IntStream.range(0, 30).forEach(i -> lines.append(line("n" + i, CHAT, HI)));
        try (OpenAiServer server =
                server(
                        ScriptedEngines.stepping(steps::acquireUninterruptibly),
                        Tables.inMemory(),
                        Clock.systemUTC())) {
            String id = create(server, CHAT, lines.toString());
            JsonNode cancelling =
                    OpenAiServer.succeeded(
                            server.send(
                                    server.request(PATH + "/" + id + "/cancel", "")
                                            .POST(HttpRequest.BodyPublishers.noBody())));
            steps.release(Integer.MAX_VALUE / 2);
            JsonNode batch = ended(server, id);

            assertThat(cancelling.required("status").stringValue()).isEqualTo("cancelling");
            assertThat(batch.required("status").stringValue()).isEqualTo("cancelled");
            assertThat(batch.at("/request_counts/completed").intValue()).isLessThan(5);
            assertThat(
                            server.send(
                                            server.request(PATH + "/" + id + "/cancel", "")
                                                    .POST(HttpRequest.BodyPublishers.noBody()))
                                    .statusCode())
                    .isEqualTo(409);
        }
    }

    /// A clock that a test sets.
    private static final class SetClock extends Clock {
        private volatile Instant now = Instant.EPOCH;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @Test
    void aBatchWhoseTimeIsOverTellsWhatWasNotRun() throws IOException, InterruptedException {
        SetClock clock = new SetClock();
        Semaphore steps = new Semaphore(0);
        StringBuilder lines = new StringBuilder();
        IntStream.range(0, 10).forEach(i -> lines.append(line("n" + i, CHAT, HI)));
        try (OpenAiServer server =
                server(
                        ScriptedEngines.stepping(steps::acquireUninterruptibly),
                        Tables.inMemory(),
                        clock)) {
            String id = create(server, CHAT, lines.toString());
            while (!server.get(PATH + "/" + id)
                    .required("status")
                    .stringValue()
                    .equals("in_progress")) {
                clock.now = Instant.EPOCH;
            }
            clock.now = Instant.EPOCH.plus(Duration.ofHours(25));
            steps.release(Integer.MAX_VALUE / 2);
            JsonNode batch = ended(server, id);
            List<JsonNode> errors = lines(server, batch.required("error_file_id"));

            assertThat(batch.required("status").stringValue()).isEqualTo("expired");
            assertThat(errors).hasSizeBetween(6, 10);
            assertThat(errors)
                    .allMatch(line -> line.at("/error/code").stringValue().equals("batch_expired"));
            assertThat(batch.at("/request_counts/failed").intValue()).isEqualTo(errors.size());
        }
    }

    @Test
    void anotherTenantFindsNothing() throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("hello"))) {
            String id = create(server, CHAT, line("a", CHAT, HI));

            assertThat(server.send(server.request(PATH + "/" + id, "b")).statusCode())
                    .isEqualTo(404);
            assertThat(server.send(server.request(PATH, "b")).body()).contains("\"data\":[]");
            HttpResponse<String> cancelled =
                    server.send(
                            server.request(PATH + "/" + id + "/cancel", "b")
                                    .POST(HttpRequest.BodyPublishers.noBody()));
            assertThat(cancelled.statusCode()).isEqualTo(404);
            assertThat(ended(server, id).required("status").stringValue()).isEqualTo("completed");
        }
    }
}
