package autark.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Calls of tools, in chat completions and in responses.
class ToolCallsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String CHAT = "/v1/chat/completions";
    private static final String RESPONSES = "/v1/responses";
    private static final String SCHEMA =
            """
            {"type": "object", "properties": {"city": {"type": "string", "maxLength": 6}},
             "required": ["city"], "additionalProperties": false}\
            """;
    private static final String CHAT_TOOLS =
            """
            "tools": [{"type": "function", "function": {"name": "weather", "description": "now",
            "parameters": %s, "strict": true}},
            {"type": "function", "function": {"name": "time"}}]\
            """
                    .formatted(SCHEMA);
    private static final String FLAT_TOOLS =
            """
            "tools": [{"type": "function", "name": "weather", "parameters": %s},
            {"type": "function", "name": "time", "strict": false}]\
            """
                    .formatted(SCHEMA);
    private static final String TWO_CALLS =
            """
            Let me see.
            <tool_call>
            {"name": "weather", "arguments": {"city": "Paris"}}
            </tool_call>
            <tool_call>
            {"name": "time", "arguments": {}}
            </tool_call>\
            """;

    private static String chat(String fields) {
        return "{\"model\": \"m\", \"seed\": 1, \"messages\": [{\"role\": \"user\", \"content\": \"q\"}], %s, %s}"
                .formatted(CHAT_TOOLS, fields);
    }

    @Test
    void callsAreToldWholeAndStreamed() throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(Scripts.saying(TWO_CALLS))) {
            JsonNode choice =
                    server.answer(CHAT, chat("\"stream\": false")).required("choices").required(0);
            List<JsonNode> events = server.events(CHAT, chat("\"stream\": true"));

            JsonNode message = choice.required("message");
            assertThat(choice.required("finish_reason").stringValue()).isEqualTo("tool_calls");
            assertThat(message.required("content").stringValue()).isEqualTo("Let me see.");
            assertThat(message.at("/tool_calls/0/id").stringValue()).startsWith("call_");
            assertThat(message.at("/tool_calls/0/function"))
                    .hasToString(
                            "{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\": \\\"Paris\\\"}\"}");
            assertThat(message.at("/tool_calls/1/function"))
                    .hasToString("{\"name\":\"time\",\"arguments\":\"{}\"}");
            assertThat(assembled(events)).isEqualTo(message.required("tool_calls"));
            assertThat(events.getLast().at("/choices/0/finish_reason").stringValue())
                    .isEqualTo("tool_calls");
        }
    }

    /// The calls as clients put them together.
    private static ArrayNode assembled(List<JsonNode> events) {
        ArrayNode calls = JSON.createArrayNode();
        for (JsonNode event : events) {
            for (JsonNode part : event.at("/choices/0/delta").path("tool_calls")) {
                int index = part.required("index").intValue();
                if (index == calls.size()) {
                    ObjectNode call = (ObjectNode) part.deepCopy();
                    call.remove("index");
                    calls.add(call);
                } else {
                    ObjectNode function = (ObjectNode) calls.required(index).required("function");
                    function.put(
                            "arguments",
                            function.required("arguments").stringValue()
                                    + part.at("/function/arguments").stringValue());
                }
            }
        }
        return calls;
    }

    @Test
    void anAnswerOfCallsAloneHasNoContent() throws IOException, InterruptedException {
        try (OpenAiServer server =
                new OpenAiServer(Scripts.saying(TWO_CALLS.substring(TWO_CALLS.indexOf('<'))))) {
            JsonNode message = server.answer(CHAT, chat("\"n\": 1")).at("/choices/0/message");

            assertThat(message.required("content").isNull()).isTrue();
            assertThat(message.required("tool_calls")).hasSize(2);
        }
    }

    @Test
    void aCallThatIsAskedForIsMadeAndValid() throws IOException, InterruptedException {
        String named =
                "\"tool_choice\": {\"type\": \"function\", \"function\": {\"name\": \"weather\"}}";
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("no call"))) {
            JsonNode calls = server.answer(CHAT, chat(named)).at("/choices/0/message/tool_calls");

            assertThat(calls).hasSize(1);
            assertThat(calls.at("/0/function/name").stringValue()).isEqualTo("weather");
            JsonNode arguments = JSON.readTree(calls.at("/0/function/arguments").stringValue());
            assertThat(arguments.propertyNames()).containsExactly("city");
            assertThat(
                            server.refusal(CHAT, chat(named.replace("weather", "none")))
                                    .required("param")
                                    .stringValue())
                    .isEqualTo("tool_choice");
        }
    }

    @Test
    void callsAndResultsAreSentBack() throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(Scripts.saying(TWO_CALLS))) {
            ObjectNode message =
                    (ObjectNode) server.answer(CHAT, chat("\"n\": 1")).at("/choices/0/message");
            String id = message.at("/tool_calls/0/id").stringValue();
            String other = message.at("/tool_calls/1/id").stringValue();
            JsonNode shown =
                    shown(
                            server,
                            CHAT,
                            """
                            {"model": "m", "messages": [{"role": "user", "content": "q"}, %s,
                            {"role": "tool", "tool_call_id": "%s", "content": "12:00"},
                            {"role": "tool", "tool_call_id": "%s", "content": "show"}], %s}\
                            """
                                    .formatted(message, other, id, CHAT_TOOLS));

            checkRound(shown, id, other);
        }
    }

    private static JsonNode shown(OpenAiServer server, String path, String request)
            throws IOException, InterruptedException {
        return JSON.readTree(server.refusal(path, request).required("message").stringValue());
    }

    private static void checkRound(JsonNode shown, String id, String other) {
        JsonNode messages = shown.required("messages");
        assertThat(messages.at("/1/content").stringValue()).isEqualTo("Let me see.");
        assertThat(messages.at("/1/tool_calls/0/id").stringValue()).isEqualTo(id);
        assertThat(messages.at("/1/tool_calls/0/function/arguments"))
                .hasToString("{\"city\":\"Paris\"}");
        assertThat(messages.at("/2/content").stringValue()).isEqualTo("12:00");
        assertThat(messages.at("/2/tool_call_id").stringValue()).isEqualTo(other);
        assertThat(messages.at("/2/name").stringValue()).isEqualTo("time");
        assertThat(messages.at("/3/name").stringValue()).isEqualTo("weather");
        assertThat(shown.required("tools")).hasSize(2);
    }

    @Test
    void theModelIsToldOfAllowedToolsAlone() throws IOException, InterruptedException {
        String allowed =
                """
                "tool_choice": {"type": "allowed_tools", %s"mode": "auto",
                "tools": [{"type": "function", %s}]%s}\
                """;
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("x"))) {
            JsonNode chat =
                    shown(
                            server,
                            CHAT,
                            chat(allowed.formatted(
                                            "\"allowed_tools\": {",
                                            "\"function\": {\"name\": \"time\"}",
                                            "}"))
                                    .replace("\"q\"", "\"show\""));
            JsonNode flat =
                    shown(
                            server,
                            RESPONSES,
                            "{\"model\": \"m\", \"input\": \"show\", %s, %s}"
                                    .formatted(
                                            FLAT_TOOLS,
                                            allowed.formatted("", "\"name\": \"time\"", "")));

            assertThat(chat.at("/tools/0/function/name").stringValue()).isEqualTo("time");
            assertThat(chat.required("tools")).hasSize(1);
            assertThat(flat.required("tools")).isEqualTo(chat.required("tools"));
        }
    }

    @Test
    void aResponseCallsAndGoesOnFromTheResults() throws IOException, InterruptedException {
        String request =
                "{\"model\": \"m\", \"input\": \"q\", \"stream\": true, %s}".formatted(FLAT_TOOLS);
        try (OpenAiServer server = new OpenAiServer(Scripts.saying(TWO_CALLS))) {
            List<JsonNode> events = server.namedEvents(RESPONSES, request);
            JsonNode response = events.getLast().required("response");
            JsonNode call = response.at("/output/1");
            JsonNode other = response.at("/output/2");
            StringBuilder arguments = new StringBuilder();
            for (JsonNode event : events) {
                boolean ofCall = event.path("item_id").equals(call.required("id"));
                if (ofCall && event.required("type").stringValue().endsWith("arguments.delta")) {
                    arguments.append(event.required("delta").stringValue());
                }
            }

            assertThat(response.required("output")).hasSize(3);
            assertThat(call.required("type").stringValue()).isEqualTo("function_call");
            assertThat(call.required("status").stringValue()).isEqualTo("completed");
            assertThat(call.required("name").stringValue()).isEqualTo("weather");
            assertThat(call.required("arguments").stringValue())
                    .isEqualTo("{\"city\": \"Paris\"}")
                    .isEqualTo(arguments.toString());
            String id = call.required("call_id").stringValue();
            String last = other.required("call_id").stringValue();
            JsonNode shown =
                    shown(
                            server,
                            RESPONSES,
                            """
                            {"model": "m", "previous_response_id": "%s", %s, "input": [
                            {"type": "function_call_output", "call_id": "%s", "output": "12:00"},
                            {"type": "function_call_output", "call_id": "%s", "output": "show"}]}\
                            """
                                    .formatted(
                                            response.required("id").stringValue(),
                                            FLAT_TOOLS,
                                            last,
                                            id));

            checkRound(shown, id, last);
        }
    }
}
