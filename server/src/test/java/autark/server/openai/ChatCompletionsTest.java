package autark.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.ScriptedEngines;
import autark.server.store.Tables;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChatCompletionsTest {
    private static final String PATH = "/v1/chat/completions";

    private static String request(String fields) {
        return """
        {"model": "m", "messages": [{"role": "user", "content": "hi"}]%s}\
        """
                .formatted(fields.isEmpty() ? "" : ", " + fields);
    }

    @Test
    void aWholeAnswerHasTheFieldsThatClientsExpect() throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("<think>hm</think>hello"))) {
            JsonNode answer = server.answer(PATH, request(""));

            assertThat(answer.required("id").stringValue()).startsWith("chatcmpl-");
            assertThat(answer.required("created").isIntegralNumber()).isTrue();
            assertThat(answer.required("choices").toString())
                    .isEqualTo(
                            """
                            [{"index":0,"message":{"role":"assistant","content":"hello",\
                            "refusal":null,"annotations":[],"reasoning_content":"hm",\
                            "reasoning":"hm"},"logprobs":null,"finish_reason":"stop"}]\
                            """);
            assertThat(answer.required("usage").toString())
                    .isEqualTo(
                            """
                            {"prompt_tokens":%d,"completion_tokens":23,"total_tokens":%d,\
                            "prompt_tokens_details":{"cached_tokens":0},\
                            "completion_tokens_details":{"reasoning_tokens":2}}\
                            """
                                    .formatted(promptTokens(answer), promptTokens(answer) + 23));
        }
    }

    private static int promptTokens(JsonNode answer) {
        return answer.required("usage").required("prompt_tokens").intValue();
    }

    @Test
    void whatIsStreamedIsTheWhole() throws IOException, InterruptedException {
        String fields =
                """
                "n": 3, "seed": 7, "max_tokens": 40, "logprobs": true, "top_logprobs": 2\
                """;
        try (OpenAiServer server = new OpenAiServer(Scripts.babbling())) {
            JsonNode whole = server.answer(PATH, request(fields));
            List<JsonNode> events =
                    server.events(
                            PATH,
                            request(
                                    fields
                                            + """
                                            , "stream": true,
                                            "stream_options": {"include_usage": true}\
                                            """));

            assertThat(events.getLast().required("choices").isEmpty()).isTrue();
            JsonNode usage = events.getLast().required("usage");
            assertThat(usage.required("completion_tokens"))
                    .isEqualTo(whole.required("usage").required("completion_tokens"));
            assertThat(usage.required("prompt_tokens_details").required("cached_tokens").intValue())
                    .isPositive();
            assertThat(events.subList(0, events.size() - 1))
                    .allMatch(event -> event.required("usage").isNull());
            for (int choice = 0; choice < 3; choice++) {
                JsonNode expected = whole.required("choices").required(choice);
                assertThat(joined(events, choice, "content"))
                        .isEqualTo(expected.required("message").required("content").stringValue());
                assertThat(logprobs(events, choice))
                        .hasSize(40)
                        .containsExactlyElementsOf(
                                expected.required("logprobs").required("content"));
                assertThat(reasons(events, choice)).containsExactly("length");
            }
        }
    }

    private static List<JsonNode> choices(List<JsonNode> events, int choice) {
        return events.stream()
                .flatMap(event -> event.required("choices").valueStream())
                .filter(part -> part.required("index").intValue() == choice)
                .toList();
    }

    private static String joined(List<JsonNode> events, int choice, String field) {
        StringBuilder text = new StringBuilder();
        for (JsonNode part : choices(events, choice)) {
            text.append(part.required("delta").path(field).asString(""));
        }
        return text.toString();
    }

    private static List<JsonNode> logprobs(List<JsonNode> events, int choice) {
        return choices(events, choice).stream()
                .flatMap(part -> part.required("logprobs").path("content").valueStream())
                .toList();
    }

    private static List<String> reasons(List<JsonNode> events, int choice) {
        return choices(events, choice).stream()
                .flatMap(part -> Stream.of(part.required("finish_reason")))
                .filter(reason -> !reason.isNull())
                .map(JsonNode::stringValue)
                .toList();
    }

    @Test
    void thinkingIsStreamedBesideTheAnswer() throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("<think>hm</think>hello"))) {
            List<JsonNode> events = server.events(PATH, request("\"stream\": true"));

            assertThat(joined(events, 0, "reasoning_content")).isEqualTo("hm");
            assertThat(joined(events, 0, "reasoning")).isEqualTo("hm");
            assertThat(joined(events, 0, "content")).isEqualTo("hello");
            assertThat(events.getFirst().required("choices").required(0).required("delta"))
                    .hasToString("{\"role\":\"assistant\",\"content\":\"\"}");
        }
    }

    @Test
    void aTokenThatIsNoWholeCharacterIsToldInBytes() throws IOException, InterruptedException {
        String text = "né 🙂";
        try (OpenAiServer server = new OpenAiServer(Scripts.saying(text))) {
            JsonNode rows =
                    server.answer(PATH, request("\"logprobs\": true, \"top_logprobs\": 1"))
                            .required("choices")
                            .required(0)
                            .required("logprobs")
                            .required("content");

            byte[] bytes = new byte[rows.size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) rows.required(i).required("bytes").required(0).intValue();
            }
            assertThat(bytes).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
            assertThat(rows.required(0).required("token").stringValue()).isEqualTo("n");
            assertThat(rows.required(1).required("token").stringValue()).isEqualTo("bytes:\\xc3");
            assertThat(rows.required(1).required("top_logprobs").required(0).toString())
                    .startsWith("{\"token\":\"bytes:\\\\xc3\",\"logprob\":");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'\"reasoning_effort\": \"low\"'; true; low",
                "'\"reasoning_effort\": \"minimal\"'; true; low",
                "'\"reasoning_effort\": \"xhigh\"'; true; high",
                "'\"chat_template_kwargs\": {\"enable_thinking\": false}'; false; ''",
                "'\"chat_template_kwargs\": {\"reasoning_effort\": \"high\"}'; ''; high",
            })
    void anEffortGoesToTheTemplate(String fields, String thinking, String effort)
            throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("x"))) {
            JsonNode shown = shown(server, "{\"role\": \"user\", \"content\": \"show\"}", fields);

            assertThat(shown.path("thinking").asString("")).isEqualTo(thinking);
            assertThat(shown.path("effort").asString("")).isEqualTo(effort);
        }
    }

    /// What the template was given.
    private static JsonNode shown(OpenAiServer server, String messages, String fields)
            throws IOException, InterruptedException {
        String request =
                "{\"model\": \"m\", \"messages\": [%s]%s}"
                        .formatted(messages, fields.isEmpty() ? "" : ", " + fields);
        String message = server.refusal(PATH, request).required("message").stringValue();
        return JsonMapper.shared().readTree(message);
    }

    @Test
    void thinkingIsLimited() throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("<think>hm</think>hello"))) {
            JsonNode limited = server.answer(PATH, request("\"thinking_budget\": 1"));

            assertThat(limited.required("usage").toString()).contains("\"reasoning_tokens\":1}");
            assertThat(limited.toString()).contains("\"reasoning_content\":\"h\"");
            assertThat(server.answer(PATH, request("\"reasoning_effort\": \"none\"")).toString())
                    .doesNotContain("reasoning_content");
        }
    }

    @Test
    void aModelThatDoesNotThinkIsAskedForNoEffort() throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(ScriptedEngines.saying("hello"))) {
            assertThat(server.refusal(PATH, request("\"reasoning_effort\": \"high\"")).toString())
                    .contains("\"param\":\"reasoning_effort\",\"code\":\"unsupported_parameter\"");
            assertThat(server.refusal(PATH, request("\"thinking_budget\": 5")).toString())
                    .contains("\"param\":\"thinking_budget\"");
            assertThat(server.answer(PATH, request("\"reasoning_effort\": \"none\"")).toString())
                    .contains("hello");
        }
    }

    @Test
    void messagesReachTheTemplate() throws IOException, InterruptedException {
        String messages =
                """
                {"role": "developer", "content": [{"type": "text", "text": "be"},
                 {"type": "text", "text": " brief"}]},
                {"role": "user", "content": "q"},
                {"role": "assistant", "content": "a", "reasoning_content": "t"},
                {"role": "user", "content": "show"}\
                """;
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("x"))) {
            assertThat(shown(server, messages, "").required("messages").toString())
                    .isEqualTo(
                            """
                            [{"role":"system","content":"be brief"},\
                            {"role":"user","content":"q"},\
                            {"role":"assistant","content":"a","reasoning_content":"t"},\
                            {"role":"user","content":"show"}]\
                            """);
        }
    }

    @Test
    void aResultOfNoCallIsRefused() throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("x"))) {
            String body =
                    """
                    {"model": "m", "messages": [{"role": "user", "content": "q"},
                     {"role": "tool", "tool_call_id": "c1", "content": "4"}]}\
                    """;
            assertThat(server.refusal(PATH, body).required("param").stringValue())
                    .isEqualTo("messages[1].tool_call_id");
        }
    }

    @Test
    void aFailureInTheMiddleIsAnEventAndTheLast() throws IOException, InterruptedException {
        Runnable failing =
                () -> {
                    throw new IllegalStateException("broken in a test");
                };
        try (OpenAiServer server = new OpenAiServer(ScriptedEngines.stepping(failing))) {
            HttpResponse<String> response = server.post(PATH, request("\"stream\": true"));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body())
                    .contains("\n\ndata: {\"error\":{\"message\":\"")
                    .endsWith("\"type\":\"api_error\",\"param\":null,\"code\":null}}\n\n")
                    .doesNotContain("[DONE]");
        }
    }

    @Test
    void aSilentStreamIsKeptAliveByComments() throws IOException, InterruptedException {
        CountDownLatch pinged = new CountDownLatch(1);
        Runnable waiting =
                () -> {
                    try {
                        pinged.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                };
        try (OpenAiServer server =
                new OpenAiServer(
                        ScriptedEngines.stepping(waiting),
                        Tables.inMemory(),
                        Clock.systemUTC(),
                        Duration.ofMillis(1))) {
            HttpResponse<Stream<String>> response =
                    server.client()
                            .send(
                                    server.request(PATH, "")
                                            .header("Content-Type", "application/json")
                                            .POST(
                                                    HttpRequest.BodyPublishers.ofString(
                                                            request("\"stream\": true")))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofLines());
            Iterator<String> lines = response.body().iterator();
            while (!lines.next().equals(": ping")) {
                assertThat(pinged.getCount()).isEqualTo(1);
            }
            pinged.countDown();
            String last = "";
            while (lines.hasNext()) {
                String line = lines.next();
                last = line.isEmpty() || line.startsWith(":") ? last : line;
            }
            assertThat(last).isEqualTo("data: [DONE]");
        }
    }
}
