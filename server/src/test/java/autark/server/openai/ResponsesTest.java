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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ResponsesTest {
    private static final String PATH = "/v1/responses";
    private static final String SHOW = "\"input\": \"show\"";

    private static String request(String fields) {
        return "{\"model\": \"m\", " + fields + "}";
    }

    private static String id(JsonNode response) {
        return response.required("id").stringValue();
    }

    @Test
    void aResponseHasTheFieldsThatClientsExpect() throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("<think>hm</think>hello"))) {
            JsonNode response =
                    server.answer(
                            PATH,
                            request(
                                    """
                                    "input": "hi", "metadata": {"job": "7"}, "temperature": 1,
                                    "include": ["reasoning.encrypted_content"]\
                                    """));

            ObjectNode known = (ObjectNode) response.deepCopy();
            assertThat(known.remove("id").stringValue()).startsWith("resp_");
            assertThat(known.remove("created_at").isIntegralNumber()).isTrue();
            assertThat(known.remove("completed_at").isIntegralNumber()).isTrue();
            JsonNode output = known.remove("output");
            assertThat(known.remove("usage").propertyNames())
                    .containsExactly(
                            "input_tokens",
                            "input_tokens_details",
                            "output_tokens",
                            "output_tokens_details",
                            "total_tokens");
            assertThat(known)
                    .hasToString(
                            """
                            {"object":"response","model":"m","status":"completed","error":null,\
                            "incomplete_details":null,"instructions":null,\
                            "previous_response_id":null,\
                            "reasoning":{"effort":null,"summary":null},"temperature":1.0,\
                            "top_p":0.95,"max_output_tokens":null,\
                            "text":{"format":{"type":"text"},"verbosity":"medium"},\
                            "top_logprobs":0,"truncation":"disabled","service_tier":"default",\
                            "user":null,"safety_identifier":null,"prompt_cache_key":null,\
                            "metadata":{"job":"7"},"tools":[],"tool_choice":"auto",\
                            "parallel_tool_calls":true,"max_tool_calls":null,\
                            "background":false,"store":true}\
                            """);
            output.forEach(item -> ((ObjectNode) item).remove("id"));
            assertThat(output)
                    .hasToString(
                            """
                            [{"type":"reasoning","status":"completed","summary":[],\
                            "content":[{"type":"reasoning_text","text":"hm"}],\
                            "encrypted_content":"aG0="},\
                            {"type":"message","status":"completed","role":"assistant",\
                            "content":[{"type":"output_text","text":"hello","annotations":[],\
                            "logprobs":[]}]}]\
                            """);
        }
    }

    @Test
    void eventsComeInOrderAndEndWithTheWhole() throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("<think>hm</think>hello"))) {
            List<JsonNode> events =
                    server.namedEvents(
                            PATH,
                            request(
                                    """
                                    "input": "hi", "stream": true,
                                    "include": ["message.output_text.logprobs"]\
                                    """));

            List<String> types = new ArrayList<>();
            StringBuilder thinking = new StringBuilder();
            StringBuilder text = new StringBuilder();
            int rows = 0;
            for (JsonNode event : events) {
                assertThat(event.required("sequence_number").intValue())
                        .isEqualTo(events.indexOf(event));
                String type = event.required("type").stringValue();
                if (types.isEmpty() || !types.getLast().equals(type)) {
                    types.add(type);
                }
                switch (type) {
                    case "response.reasoning_text.delta" ->
                            thinking.append(event.required("delta").stringValue());
                    case "response.output_text.delta" -> {
                        text.append(event.required("delta").stringValue());
                        rows += event.required("logprobs").size();
                    }
                    default -> {}
                }
            }
            assertThat(types)
                    .containsExactly(
                            "response.created",
                            "response.in_progress",
                            "response.output_item.added",
                            "response.content_part.added",
                            "response.reasoning_text.delta",
                            "response.reasoning_text.done",
                            "response.content_part.done",
                            "response.output_item.done",
                            "response.output_item.added",
                            "response.content_part.added",
                            "response.output_text.delta",
                            "response.output_text.done",
                            "response.content_part.done",
                            "response.output_item.done",
                            "response.completed");
            assertThat(thinking).hasToString("hm");
            assertThat(text).hasToString("hello");
            JsonNode response = events.getLast().required("response");
            assertThat(server.get(PATH + "/" + id(response))).isEqualTo(response);
            JsonNode message = response.required("output").required(1);
            assertThat(message.required("content").required(0).required("text").stringValue())
                    .isEqualTo("hello");
            assertThat(message.required("content").required(0).required("logprobs"))
                    .hasSize("<think>hm</think>hello".length())
                    .hasSize(rows);
            assertThat(events.get(events.size() - 2).required("item")).isEqualTo(message);
            assertThat(events.getFirst().required("response").required("output")).isEmpty();
        }
    }

    @Test
    void aResponseGoesOnFromTheOneBefore() throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("<think>hm</think>hello"))) {
            JsonNode first =
                    server.answer(PATH, request("\"input\": \"a\", \"instructions\": \"x\""));
            JsonNode second =
                    server.answer(
                            PATH,
                            request(
                                    """
                                    "previous_response_id": "%s",
                                    "input": [{"role": "user", "content": "b"}]\
                                    """
                                            .formatted(id(first))));
            String last =
                    request(
                            SHOW
                                    + ", \"instructions\": \"y\", \"previous_response_id\": \"%s\""
                                            .formatted(id(second)));

            assertThat(shown(server, last).required("messages"))
                    .hasToString(
                            """
                            [{"role":"system","content":"y"},{"role":"user","content":"a"},\
                            {"role":"assistant","content":"hello","reasoning_content":"hm"},\
                            {"role":"user","content":"b"},\
                            {"role":"assistant","content":"hello","reasoning_content":"hm"},\
                            {"role":"user","content":"show"}]\
                            """);

            assertThat(delete(server, id(first), "").statusCode()).isEqualTo(200);
            assertThat(delete(server, id(first), "").statusCode()).isEqualTo(404);
            assertThat(server.refusal(PATH, last).toString())
                    .contains("previous_response_not_found", id(first));
        }
    }

    private static HttpResponse<String> delete(OpenAiServer server, String id, String tenant)
            throws IOException, InterruptedException {
        return server.send(server.request(PATH + "/" + id, tenant).DELETE());
    }

    /// What the template was given.
    private static JsonNode shown(OpenAiServer server, String request)
            throws IOException, InterruptedException {
        return JsonMapper.shared()
                .readTree(server.refusal(PATH, request).required("message").stringValue());
    }

    /// A client that keeps the conversation itself sends back what it was given.
    @Test
    void whatWasAnsweredCanBeSentBack() throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("<think>hm</think>hello"))) {
            JsonNode output =
                    server.answer(
                                    PATH,
                                    request(
                                            """
                                            "input": "a", "store": false,
                                            "include": ["reasoning.encrypted_content"]\
                                            """))
                            .required("output");
            ((ObjectNode) output.required(0)).remove("content");
            String items = output.toString();
            String request =
                    request(
                            "\"input\": [%s, {\"role\": \"user\", \"content\": \"show\"}]"
                                    .formatted(items.substring(1, items.length() - 1)));

            assertThat(shown(server, request).required("messages").required(0))
                    .hasToString(
                            """
                            {"role":"assistant","content":"hello","reasoning_content":"hm"}\
                            """);
        }
    }

    @Test
    void anotherTenantFindsNothing() throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("hello"))) {
            HttpRequest.Builder request =
                    server.request(PATH, "a")
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(request("\"input\": \"a\"")));
            String id = id(OpenAiServer.succeeded(server.send(request)));
            String path = PATH + "/" + id;

            assertThat(server.send(server.request(path, "a")).statusCode()).isEqualTo(200);
            assertThat(server.send(server.request(path, "b")).statusCode()).isEqualTo(404);
            assertThat(server.send(server.request(path + "/input_items", "b")).statusCode())
                    .isEqualTo(404);
            assertThat(delete(server, id, "b").statusCode()).isEqualTo(404);
            assertThat(server.send(cancel(server, id, "b")).statusCode()).isEqualTo(404);
            assertThat(
                            server.refusal(
                                            PATH,
                                            request(
                                                    "\"input\": \"a\","
                                                            + " \"previous_response_id\": \"%s\""
                                                                    .formatted(id)))
                                    .required("code")
                                    .stringValue())
                    .isEqualTo("previous_response_not_found");
        }
    }

    private static HttpRequest.Builder cancel(OpenAiServer server, String id, String tenant) {
        return server.request(PATH + "/" + id + "/cancel", tenant)
                .POST(HttpRequest.BodyPublishers.noBody());
    }

    @Test
    void itemsOfTheInputAreListed() throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("hello"))) {
            String id =
                    id(
                            server.answer(
                                    PATH,
                                    request(
                                            """
                                            "input": [{"role": "user", "content": "a"},
                                            {"role": "assistant", "content": "b"},
                                            {"role": "user", "content": "c"}]\
                                            """)));
            String path = PATH + "/" + id + "/input_items";
            JsonNode newest = server.get(path + "?limit=2");
            JsonNode rest = server.get(path + "?after=" + newest.required("last_id").stringValue());

            assertThat(newest.required("has_more").booleanValue()).isTrue();
            assertThat(newest.required("data").toString())
                    .contains("{\"type\":\"input_text\",\"text\":\"c\"}")
                    .contains("{\"type\":\"output_text\",\"text\":\"b\",\"annotations\":[]}");
            assertThat(rest.required("data")).hasSize(1);
            assertThat(rest.required("has_more").booleanValue()).isFalse();
        }
    }

    /// The model takes a step only while the client waits for the end.
    @Test
    void aResponseInTheBackgroundIsCancelled()
            throws IOException, InterruptedException, ExecutionException {
        Semaphore steps = new Semaphore(0);
        try (OpenAiServer server =
                new OpenAiServer(ScriptedEngines.babbling(steps::acquireUninterruptibly))) {
            JsonNode queued =
                    server.answer(PATH, request("\"input\": \"a\", \"background\": true"));
            CompletableFuture<HttpResponse<String>> cancelling =
                    server.client()
                            .sendAsync(
                                    cancel(server, id(queued), "").build(),
                                    HttpResponse.BodyHandlers.ofString());
            while (!cancelling.isDone()) {
                steps.release();
                try {
                    cancelling.get(1, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    assertThat(cancelling.isCancelled()).isFalse();
                }
            }
            JsonNode response = OpenAiServer.succeeded(cancelling.get());

            assertThat(queued.required("status").stringValue()).isEqualTo("queued");
            assertThat(response.required("status").stringValue()).isEqualTo("cancelled");
            assertThat(server.get(PATH + "/" + id(queued))).isEqualTo(response);
            steps.release(Integer.MAX_VALUE / 2);
        }
    }

    @Test
    void aResponseInTheBackgroundIsWrittenAndKept() throws IOException, InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        Runnable waiting =
                () -> {
                    try {
                        asked.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                };
        try (OpenAiServer server = new OpenAiServer(ScriptedEngines.stepping(waiting))) {
            String path =
                    PATH
                            + "/"
                            + id(
                                    server.answer(
                                            PATH,
                                            request("\"input\": \"a\", \"background\": true")));
            String before = server.get(path).required("status").stringValue();
            asked.countDown();
            JsonNode response = server.get(path);
            while (response.required("status").stringValue().equals("in_progress")) {
                response = server.get(path);
            }

            assertThat(before).isEqualTo("in_progress");
            assertThat(response.required("status").stringValue()).isEqualTo("completed");
            assertThat(response.required("output").toString()).contains("\"text\":\"ok\"");
        }
    }

    @Test
    void aResponseThatTheServerDidNotFinishHasFailed() throws IOException, InterruptedException {
        Tables tables = Tables.inMemory();
        ObjectNode kept =
                (ObjectNode)
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"response": {"id": "resp_1", "status": "queued",
                                         "background": true}, "input": []}\
                                        """);
        tables.table("responses", "")
                .put("resp_1", kept.toString().getBytes(StandardCharsets.UTF_8));
        try (OpenAiServer server =
                new OpenAiServer(
                        Scripts.saying("hello"),
                        tables,
                        Clock.systemUTC(),
                        Duration.ofMinutes(1))) {
            assertThat(server.get(PATH + "/resp_1").toString())
                    .contains("\"status\":\"failed\"", "server_error");
        }
    }

    @Test
    void aFailureInTheMiddleIsToldInTheResponse() throws IOException, InterruptedException {
        Runnable failing =
                () -> {
                    throw new IllegalStateException("broken in a test");
                };
        try (OpenAiServer server = new OpenAiServer(ScriptedEngines.stepping(failing))) {
            List<JsonNode> events =
                    server.namedEvents(PATH, request("\"input\": \"a\", \"stream\": true"));

            assertThat(events.getLast().required("type").stringValue())
                    .isEqualTo("response.failed");
            assertThat(events.getLast().required("response").required("error").toString())
                    .contains("server_error");
        }
    }

    /// What is deep in a request is deeper where it is kept.
    @Test
    void aRequestAsDeepAsMayBeCanBeKept() throws IOException, InterruptedException {
        int deep = 30; // 64 with what is around it
        String schema =
                "{\"type\": \"object\", \"properties\": {\"a\": ".repeat(deep)
                        + "{}"
                        + "}}".repeat(deep);
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("hello"))) {
            String request =
                    request(
                            "\"input\": \"a\", \"tools\": [{\"type\": \"function\", \"strict\": false,"
                                    + " \"name\": \"f\", \"parameters\": %s}]".formatted(schema));
            String id = id(server.answer(PATH, request));

            assertThat(server.get(PATH + "/" + id).required("tools").toString())
                    .contains("\"name\":\"f\"");
        }
    }
}
