package autark.server.ollama;

import static autark.server.LiveServer.json;
import static autark.server.LiveServer.lines;
import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.Engine;
import autark.engine.ScriptedEngines;
import autark.server.LiveServer;
import autark.server.access.Accounts;
import autark.server.http.ApiException;
import autark.server.models.Catalog;
import autark.server.models.Keeper;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class OllamaTest {
    private static Engine thinker() {
        return ScriptedEngines.saying("<think>well</think>hello", LiveServer.TEMPLATE);
    }

    private static String chat(String fields) {
        return """
        {"model": "m", "messages": [{"role": "user", "content": "hi"}]%s}
        """
                .formatted(fields.isEmpty() ? "" : ", " + fields);
    }

    @Test
    void aChatIsWholeOrInLines() {
        try (LiveServer server = new LiveServer(thinker())) {
            HttpResponse<String> whole = server.post("/api/chat", chat("\"stream\": false"));
            JsonNode message = json(whole).at("/message");
            assertThat(message.toString())
                    .isEqualTo(
                            "{\"role\":\"assistant\",\"content\":\"hello\",\"thinking\":\"well\"}");
            assertThat(json(whole).at("/done").booleanValue()).isTrue();
            assertThat(json(whole).at("/done_reason").stringValue()).isEqualTo("stop");
            assertThat(json(whole).at("/prompt_eval_count").intValue()).isPositive();

            HttpResponse<String> streamed = server.post("/api/chat", chat(""));
            assertThat(streamed.headers().firstValue("content-type"))
                    .hasValueSatisfying(
                            type -> assertThat(type).startsWith("application/x-ndjson"));
            List<JsonNode> lines = lines(streamed);
            assertThat(joined(lines, "/message/content")).isEqualTo("hello");
            assertThat(joined(lines, "/message/thinking")).isEqualTo("well");
            assertThat(lines).allMatch(line -> line.at("/created_at").isString());
            JsonNode last = lines.getLast();
            assertThat(last.at("/done").booleanValue()).isTrue();
            assertThat(last.at("/eval_count")).isEqualTo(json(whole).at("/eval_count"));
        }
    }

    @Test
    void whatIsWrittenIsTheSameForTheSameSeed() {
        try (LiveServer server = new LiveServer(ScriptedEngines.babbling())) {
            String body =
                    """
                    {"model": "m:latest", "prompt": "hi", "stream": %s,
                     "options": {"seed": 7, "num_predict": 40, "temperature": 1}}
                    """;
            JsonNode whole = json(server.post("/api/generate", body.formatted("false")));
            List<JsonNode> lines = lines(server.post("/api/generate", body.formatted("true")));
            assertThat(joined(lines, "/response"))
                    .isEqualTo(whole.at("/response").stringValue())
                    .hasSize(40);
            assertThat(lines.getLast().at("/done_reason").stringValue()).isEqualTo("length");
        }
    }

    @Test
    void logprobsComeWithTheirLines() {
        try (LiveServer server = new LiveServer(ScriptedEngines.saying("hello"))) {
            List<JsonNode> lines =
                    lines(
                            server.post(
                                    "/api/chat", chat("\"logprobs\": true, \"top_logprobs\": 2")));
            StringBuilder tokens = new StringBuilder();
            for (JsonNode line : lines) {
                for (JsonNode row : line.at("/logprobs")) {
                    tokens.append(row.at("/token").stringValue());
                    assertThat(row.at("/top_logprobs").size()).isEqualTo(2);
                }
            }
            assertThat(tokens.toString()).isEqualTo("hello");
        }
    }

    @Test
    void theSwitchOfThinkingReachesTheTemplate() {
        try (LiveServer server = new LiveServer(thinker())) {
            JsonNode on =
                    json(server.post("/api/chat", chat("\"think\": true, \"stream\": false")));
            JsonNode off =
                    json(server.post("/api/chat", chat("\"think\": false, \"stream\": false")));
            assertThat(off.at("/prompt_eval_count").intValue())
                    .isEqualTo(on.at("/prompt_eval_count").intValue() + 1); // "False" for "True"
            assertThat(off.at("/message/thinking").asString("")).isNotEqualTo("well");
        }
    }

    @Test
    void callsOfToolsComeWhole() {
        String answer =
                """
                <tool_call>
                {"name": "look", "arguments": {"x": 1}}
                </tool_call>\
                """;
        String tools =
                """
                "tools": [{"type": "function", "function": {"name": "look"}}]\
                """;
        try (LiveServer server =
                new LiveServer(ScriptedEngines.saying(answer, LiveServer.TEMPLATE))) {
            JsonNode whole = json(server.post("/api/chat", chat(tools + ", \"stream\": false")));
            JsonNode function = whole.at("/message/tool_calls/0/function");
            assertThat(function.at("/name").stringValue()).isEqualTo("look");
            assertThat(function.at("/arguments").toString()).isEqualTo("{\"x\":1}");
            List<JsonNode> lines = lines(server.post("/api/chat", chat(tools)));
            assertThat(lines.get(lines.size() - 2).at("/message/tool_calls/0/function"))
                    .isEqualTo(function);
            assertThat(joined(lines, "/message/content")).isEmpty();
        }
    }

    @Test
    void anEmptyPromptLoadsTheModel() {
        try (LiveServer server = new LiveServer(ScriptedEngines.saying("hello"))) {
            assertThat(json(server.post("/api/generate", "{\"model\": \"m\"}")).toString())
                    .contains("\"done\":true", "\"done_reason\":\"load\"");
            assertThat(
                            json(server.post(
                                            "/api/chat",
                                            "{\"model\": \"m\", \"messages\": [],"
                                                    + " \"keep_alive\": 0}"))
                                    .toString())
                    .contains("\"done_reason\":\"unload\"");
        }
    }

    @Test
    void aContextThatIsNotThereIsRefusedWithBothNumbers() {
        try (LiveServer server = new LiveServer(ScriptedEngines.saying("hello"))) {
            HttpResponse<String> response =
                    server.post("/api/chat", chat("\"options\": {\"num_ctx\": 100000}"));
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(json(response).at("/error").stringValue())
                    .contains("100000", Integer.toString(ScriptedEngines.CONTEXT_LENGTH));
        }
    }

    @Test
    void modelsAreListedAndShown() {
        try (LiveServer server = new LiveServer(ScriptedEngines.saying("hello"))) {
            JsonNode tag = json(server.get("/api/tags")).at("/models/0");
            assertThat(tag.at("/name").stringValue()).isEqualTo("m");
            assertThat(tag.at("/modified_at").stringValue()).isEqualTo(LiveServer.NOW.toString());
            assertThat(json(server.get("/api/ps")).at("/models/0/name").stringValue())
                    .isEqualTo("m");
            JsonNode shown = json(server.post("/api/show", "{\"model\": \"m\"}"));
            assertThat(shown.at("/capabilities/0").stringValue()).isEqualTo("completion");
            assertThat(shown.at("/model_info/general.architecture").isString()).isTrue();
        }
    }

    @Test
    void theServerSaysThatItRuns() {
        try (LiveServer server = new LiveServer(ScriptedEngines.saying("hello"))) {
            assertThat(server.get("/").body()).isEqualTo("Ollama is running");
            HttpResponse<String> head =
                    server.send(HttpRequest.newBuilder(URI.create(server.address())).HEAD());
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(json(server.get("/api/version")).at("/version").isString()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/api/create, 400",
        "/api/push, 400",
        "/api/embed, 400",
        "/api/embeddings, 400",
        "/api/blobs/sha256:0, 400",
        "/api/pull, 403"
    })
    void whatIsNotDoneIsRefusedInTheDialect(String path, int status) {
        try (LiveServer server = new LiveServer(ScriptedEngines.saying("hello"))) {
            HttpResponse<String> response = server.post(path, "{\"model\": \"m\"}");
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(json(response).at("/error").stringValue()).isNotEmpty();
        }
    }

    @Test
    void aModelComesInLines() {
        Keeper keeper =
                new Keeper() {
                    @Override
                    public void pull(String name, Consumer<Progress> progress) {
                        if (name.equals("unknown")) {
                            throw Catalog.unknown(name);
                        }
                        progress.accept(new Progress("pulling", "sha256:0", 10, 4));
                        if (name.equals("broken")) {
                            throw ApiException.of(ApiException.Kind.UNAVAILABLE, "gone");
                        }
                    }

                    @Override
                    public void copy(String from, String to) {
                        assertThat(from + to).isEqualTo("ab");
                    }

                    @Override
                    public void delete(String name) {
                        throw Catalog.unknown(name);
                    }
                };
        try (LiveServer server =
                new LiveServer(
                        ScriptedEngines.saying("hello"),
                        Accounts.unlimited(),
                        keeper,
                        Optional.empty())) {
            assertThat(server.post("/api/pull", "{\"model\": \"new\"}").body())
                    .isEqualTo(
                            """
                            {"status":"pulling","digest":"sha256:0","total":10,"completed":4}
                            {"status":"success"}
                            """);
            assertThat(server.post("/api/pull", "{\"model\": \"new\", \"stream\": false}").body())
                    .isEqualTo("{\"status\":\"success\"}");
            HttpResponse<String> broken = server.post("/api/pull", "{\"model\": \"broken\"}");
            assertThat(broken.statusCode()).isEqualTo(200);
            assertThat(broken.body()).endsWith("{\"error\":\"gone\"}\n");
            HttpResponse<String> unknown = server.post("/api/pull", "{\"model\": \"unknown\"}");
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(
                            server.post("/api/copy", "{\"source\": \"a\", \"destination\": \"b\"}")
                                    .statusCode())
                    .isEqualTo(200);
            HttpRequest.Builder delete =
                    HttpRequest.newBuilder(URI.create(server.address() + "/api/delete"))
                            .header("Content-Type", "application/json")
                            .method(
                                    "DELETE",
                                    HttpRequest.BodyPublishers.ofString("{\"model\": \"m\"}"));
            assertThat(server.send(delete).statusCode()).isEqualTo(404);
        }
    }

    private static String joined(List<JsonNode> lines, String pointer) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.at(pointer).asString("")));
        return text.toString();
    }
}
