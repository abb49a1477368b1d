package autark.server.anthropic;

import static autark.server.LiveServer.events;
import static autark.server.LiveServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.Engine;
import autark.engine.ScriptedEngines;
import autark.server.LiveServer;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MessagesTest {
    private static final String HI = "\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]";

    private static String ask(String fields) {
        return "{\"model\": \"m\", \"max_tokens\": 50, %s%s}"
                .formatted(HI, fields.isEmpty() ? "" : ", " + fields);
    }

    private static Engine thinker() {
        return ScriptedEngines.saying("<think>well</think>hello", LiveServer.TEMPLATE);
    }

    @Test
    void aMessageIsWhole() {
        try (LiveServer server = new LiveServer(ScriptedEngines.saying("hello there"))) {
            JsonNode message = json(server.post("/v1/messages?beta=true", ask("")));
            assertThat(message.at("/id").stringValue()).startsWith("msg_");
            assertThat(message.at("/type").stringValue()).isEqualTo("message");
            assertThat(message.at("/role").stringValue()).isEqualTo("assistant");
            assertThat(message.at("/model").stringValue()).isEqualTo("m");
            assertThat(message.at("/content").toString())
                    .isEqualTo("[{\"type\":\"text\",\"text\":\"hello there\"}]");
            assertThat(message.at("/stop_reason").stringValue()).isEqualTo("end_turn");
            assertThat(message.at("/stop_sequence").isNull()).isTrue();
            assertThat(message.at("/usage/output_tokens").intValue()).isEqualTo(12);
        }
    }

    @Test
    void whatIsKnownOfAPromptCountsApart() {
        try (LiveServer server = new LiveServer(ScriptedEngines.saying("hello"))) {
            String body =
                    """
                    {"model": "m", "max_tokens": 9, "system": "%s", %s}
                    """
                            .formatted("long ".repeat(100), HI);
            int counted =
                    json(server.post(
                                    "/v1/messages/count_tokens",
                                    body.replace("\"max_tokens\": 9,", "")))
                            .at("/input_tokens")
                            .intValue();
            server.post("/v1/messages", body);
            JsonNode usage = json(server.post("/v1/messages", body)).at("/usage");
            int cached = usage.at("/cache_read_input_tokens").intValue();
            assertThat(cached).isPositive();
            assertThat(usage.at("/input_tokens").intValue() + cached).isEqualTo(counted);
        }
    }

    @Test
    void eventsTellThinkingThenText() {
        try (LiveServer server = new LiveServer(thinker())) {
            HttpResponse<String> response =
                    server.post(
                            "/v1/messages",
                            ask(
                                    """
                                    "stream": true,
                                    "thinking": {"type": "enabled", "budget_tokens": 40}
                                    """));
            assertThat(response.headers().firstValue("content-type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
            assertThat(response.body()).startsWith("event: message_start\ndata: {");
            List<JsonNode> events = events(response);
            assertThat(events.stream().map(event -> event.at("/type").stringValue()).distinct())
                    .containsExactly(
                            "message_start",
                            "content_block_start",
                            "content_block_delta",
                            "content_block_stop",
                            "message_delta",
                            "message_stop");
            assertThat(joined(events, "/delta/thinking")).isEqualTo("well");
            assertThat(joined(events, "/delta/signature")).hasSize(44);
            assertThat(joined(events, "/delta/text")).isEqualTo("hello");
            assertThat(joined(events, "/content_block/type")).isEqualTo("thinkingtext");
            assertThat(joined(events, "/delta/stop_reason")).isEqualTo("end_turn");
            assertThat(events.getLast().at("/type").stringValue()).isEqualTo("message_stop");
        }
    }

    @Test
    void eventsTellWhatTheWholeTells() {
        try (LiveServer server = new LiveServer(ScriptedEngines.babbling())) {
            String greedy = "\"temperature\": 0";
            JsonNode whole = json(server.post("/v1/messages", ask(greedy)));
            List<JsonNode> events =
                    events(server.post("/v1/messages", ask(greedy + ", \"stream\": true")));
            assertThat(joined(events, "/delta/text"))
                    .isEqualTo(whole.at("/content/0/text").stringValue())
                    .hasSize(50);
            assertThat(joined(events, "/delta/stop_reason"))
                    .isEqualTo(whole.at("/stop_reason").stringValue())
                    .isEqualTo("max_tokens");
        }
    }

    @Test
    void thinkingIsOffUnlessItIsAskedFor() {
        try (LiveServer server = new LiveServer(thinker())) {
            String on = "\"thinking\": {\"type\": \"adaptive\"}";
            String off = "\"thinking\": {\"type\": \"disabled\"}";
            JsonNode thought = json(server.post("/v1/messages", ask(on))).at("/content");
            assertThat(thought.at("/0/thinking").stringValue()).isEqualTo("well");
            assertThat(thought.at("/1/text").stringValue()).isEqualTo("hello");
            for (String fields : List.of("", off)) {
                JsonNode content = json(server.post("/v1/messages", ask(fields))).at("/content");
                assertThat(content.toString()).doesNotContain("\"thinking\":\"well\"");
            }
            int prompt = tokens(server, on);
            assertThat(tokens(server, off)).isEqualTo(prompt + "False".length() - "True".length());
        }
    }

    @Test
    void thinkingOfAModelThatDoesNotThinkIsRefused() {
        try (LiveServer server = new LiveServer(ScriptedEngines.saying("hello"))) {
            HttpResponse<String> response =
                    server.post(
                            "/v1/messages",
                            ask("\"thinking\": {\"type\": \"enabled\", \"budget_tokens\": 40}"));
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.body()).contains("does not think");
        }
    }

    @Test
    void callsOfToolsAreBlocks() {
        String answer =
                """
                I look.<tool_call>
                {"name": "look", "arguments": {"x": 1}}
                </tool_call>\
                """;
        String tools =
                """
                "tools": [{"name": "look", "input_schema": {"type": "object"}}], "max_tokens": 200
                """;
        try (LiveServer server =
                new LiveServer(ScriptedEngines.saying(answer, LiveServer.TEMPLATE))) {
            String body = ask(tools).replace("\"max_tokens\": 50, ", "");
            JsonNode whole = json(server.post("/v1/messages", body));
            assertThat(whole.at("/stop_reason").stringValue()).isEqualTo("tool_use");
            assertThat(whole.at("/content/0/text").stringValue()).isEqualTo("I look.");
            assertThat(whole.at("/content/1/type").stringValue()).isEqualTo("tool_use");
            assertThat(whole.at("/content/1/name").stringValue()).isEqualTo("look");
            assertThat(whole.at("/content/1/input").toString()).isEqualTo("{\"x\":1}");

            String stream = body.replaceFirst("\\{", "{\"stream\": true, \"temperature\": 0, ");
            String plain = body.replaceFirst("\\{", "{\"temperature\": 0, ");
            List<JsonNode> events = events(server.post("/v1/messages", stream));
            assertThat(joined(events, "/content_block/type")).isEqualTo("texttool_use");
            assertThat(joined(events, "/delta/partial_json")).isEqualTo("{\"x\": 1}");
            assertThat(joined(events, "/delta/stop_reason")).isEqualTo("tool_use");
            assertThat(joined(events, "/content_block/id")).startsWith("call_");
            assertThat(json(server.post("/v1/messages", plain)).at("/content/1/id").isString())
                    .isTrue();
        }
    }

    @Test
    void theStopSequenceIsNamed() {
        try (LiveServer server = new LiveServer(ScriptedEngines.saying("one two three"))) {
            JsonNode message =
                    json(server.post("/v1/messages", ask("\"stop_sequences\": [\"x\", \"two\"]")));
            assertThat(message.at("/content/0/text").stringValue()).isEqualTo("one ");
            assertThat(message.at("/stop_reason").stringValue()).isEqualTo("stop_sequence");
            assertThat(message.at("/stop_sequence").stringValue()).isEqualTo("two");
        }
    }

    @Test
    void failuresHaveTheFormOfTheDialect() {
        try (LiveServer server = new LiveServer(ScriptedEngines.saying("hello"))) {
            HttpResponse<String> unknown =
                    server.post("/v1/messages", ask("").replace("\"m\"", "\"other\""));
            assertThat(unknown.statusCode()).isEqualTo(404);
            JsonNode body = json(unknown);
            assertThat(body.at("/type").stringValue()).isEqualTo("error");
            assertThat(body.at("/error/type").stringValue()).isEqualTo("not_found_error");
            assertThat(unknown.headers().firstValue("request-id"))
                    .contains(body.at("/request_id").stringValue());
        }
    }

    @Test
    void modelsAnswerInTheDialectThatIsSpoken() {
        try (LiveServer server = new LiveServer(ScriptedEngines.saying("hello"))) {
            String[] version = {"anthropic-version", "2023-06-01"};
            JsonNode list = json(server.get("/v1/models?limit=20", version));
            assertThat(list.toString())
                    .isEqualTo(
                            """
                            {"data":[{"type":"model","id":"m","display_name":"m",\
                            "lifecycle":"active","created_at":"2026-01-02T03:04:05.678Z"}],"has_more":false,\
                            "first_id":"m","last_id":"m"}\
                            """);
            assertThat(json(server.get("/v1/models/m", version))).isEqualTo(list.at("/data/0"));
            assertThat(json(server.get("/v1/models")).at("/object").stringValue())
                    .isEqualTo("list");
        }
    }

    private static int tokens(LiveServer server, String fields) {
        String body = ask(fields).replace("\"max_tokens\": 50, ", "");
        return json(server.post("/v1/messages/count_tokens", body)).at("/input_tokens").intValue();
    }

    private static String joined(List<JsonNode> events, String pointer) {
        StringBuilder text = new StringBuilder();
        for (JsonNode event : events) {
            JsonNode part = event.at(pointer);
            text.append(part.isString() ? part.stringValue() : "");
        }
        return text.toString();
    }
}
