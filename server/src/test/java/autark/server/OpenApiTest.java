package autark.server;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.ScriptedEngines;
import autark.server.http.Route;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class OpenApiTest {
    private LiveServer server;
    private JsonNode document;
    private SchemaCheck check;

    @BeforeEach
    void start() {
        server =
                new LiveServer(
                        ScriptedEngines.saying("<think>well</think>hello", LiveServer.TEMPLATE));
        document = LiveServer.json(server.get("/openapi.json"));
        check = new SchemaCheck(document);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everyRouteIsDescribedAndNothingElse() {
        Set<String> described = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            for (String method : path.getValue().propertyNames()) {
                described.add(method + " " + path.getKey().replaceAll("\\{[a-z_]+}", "*"));
            }
        }
        Set<String> routes = new TreeSet<>();
        for (Route route : server.routes()) {
            routes.add(route.method().toLowerCase(Locale.ROOT) + " " + route.path());
        }
        assertThat(described).isEqualTo(routes);
    }

    @Test
    void everyOperationSaysWhoMayAskWhatAndHowItFails() {
        for (JsonNode path : document.get("paths")) {
            for (JsonNode operation : path) {
                assertThat(operation.at("/summary").stringValue()).isNotEmpty();
                assertThat(operation.get("security").isArray()).isTrue();
                assertThat(
                                operation
                                        .at("/responses/default/content/application~1json/schema")
                                        .isObject())
                        .isTrue();
            }
        }
        assertThat(document.at("/paths/~1healthz/get/security").size()).isZero();
        assertThat(document.at("/paths/~1api~1pull/post/security/1/bearer/0").stringValue())
                .isEqualTo("models");
    }

    /// A page, what the server does and its description say the same.
    @ParameterizedTest
    @ValueSource(strings = {"api-anthropic.md", "api-ollama.md", "api-own.md"})
    void answersHaveTheFormThatIsDescribed(String page) throws IOException, InterruptedException {
        List<ApiPage.Row> rows = ApiPage.rows(page);
        assertThat(rows).hasSizeGreaterThan(15);
        for (ApiPage.Row row : rows) {
            HttpResponse<String> response = row.check(server.client(), server.address(), Map.of());
            check(row.method() + " " + row.path(), response);
        }
    }

    /// What no page has tables of.
    @Test
    void otherAnswersHaveTheFormThatIsDescribed() {
        for (String path :
                List.of(
                        "/",
                        "/api/ps",
                        "/api/tags",
                        "/api/version",
                        "/health",
                        "/healthz",
                        "/openapi.json",
                        "/readyz",
                        "/v1/models")) {
            check("GET " + path, server.get(path));
        }
        String[] anthropic = {"anthropic-version", "2023-06-01"};
        check("GET /v1/models", server.get("/v1/models", anthropic));
        check("GET /v1/models/{model}", server.get("/v1/models/m", anthropic));
        check("GET /v1/models/{model}", server.get("/v1/models/m"));
        check("GET /v1/models/{model}", server.get("/v1/models/other"));
        check("POST /api/embed", server.post("/api/embed", "{}"));
        check("POST /api/copy", server.post("/api/copy", "{}"));
        check("POST /api/pull", server.post("/api/pull", "{\"model\": \"m\"}"));
        String chat =
                """
                {"model": "m", "messages": [{"role": "user", "content": "hi"}], "n": 2,
                 "logprobs": true}
                """;
        check("POST /v1/chat/completions", server.post("/v1/chat/completions", chat));
        String text =
                """
                {"model": "m", "prompt": "hi"}
                """;
        check("POST /v1/completions", server.post("/v1/completions", text));
        String input =
                """
                {"model": "m", "input": "hi"}
                """;
        check("POST /v1/responses", server.post("/v1/responses", input));
    }

    private void check(String route, HttpResponse<String> response) {
        String method = route.substring(0, route.indexOf(' ')).toLowerCase(Locale.ROOT);
        String path = route.substring(route.indexOf(' ') + 1);
        JsonNode responses = document.get("paths").get(path).get(method).get("responses");
        String status = Integer.toString(response.statusCode());
        JsonNode content =
                responses.path(responses.has(status) ? status : "default").get("content");
        String type = response.headers().firstValue("content-type").orElse("");
        assertThat(content.propertyNames()).as(route).contains(type);
        if (type.equals("application/json")) {
            JsonNode schema = content.get(type).get("schema");
            assertThat(check.problems(schema, LiveServer.json(response))).as(route).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"api-openai.md", "api-anthropic.md", "api-ollama.md", "api-own.md"})
    void schemasOfRequestsHaveTheFieldsThatAreHonoured(String page) throws IOException {
        Map<String, Set<String>> honoured = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        for (ApiPage.Row row : ApiPage.rows(page)) {
            if (!row.honoured() || row.body().isEmpty()) {
                continue;
            }
            ObjectNode body = row.body().get();
            honoured.computeIfAbsent(row.path(), path -> new TreeSet<>())
                    .addAll(body.propertyNames());
            JsonNode schema = requestSchema(row);
            for (String problem : check.problems(schema, body)) {
                problems.add(row + ": " + problem);
            }
        }
        assertThat(problems).isEmpty();
        for (ApiPage.Row row : ApiPage.rows(page)) {
            if (row.body().isPresent()) {
                JsonNode schema =
                        document.at(requestSchema(row).at("/$ref").stringValue().substring(1));
                assertThat(new TreeSet<>(schema.get("properties").propertyNames()))
                        .as(row.path())
                        .isEqualTo(honoured.get(row.path()));
            }
        }
    }

    @Test
    void aValueOfAnotherFormIsFound() {
        JsonNode schema =
                JsonMapper.shared()
                        .readTree(
                                """
                                {"type": "object", "required": ["a"], "additionalProperties": false,
                                 "properties": {"a": {"type": "array", "items":
                                    {"oneOf": [{"type": "integer", "maximum": 3}, {"enum": [4]}]}}}}
                                """);
        assertThat(problems(schema, "{\"a\": [1, 4]}")).isEmpty();
        assertThat(problems(schema, "{\"a\": [5]}")).hasSize(1);
        assertThat(problems(schema, "{\"b\": 1}")).hasSize(2);
        assertThat(problems(schema, "{\"a\": 1}")).hasSize(1);
    }

    private List<String> problems(JsonNode schema, String value) {
        return check.problems(schema, JsonMapper.shared().readTree(value));
    }

    private JsonNode operation(ApiPage.Row row) {
        return document.get("paths").get(row.path()).get(row.method().toLowerCase(Locale.ROOT));
    }

    private JsonNode requestSchema(ApiPage.Row row) {
        return operation(row).at("/requestBody/content/application~1json/schema");
    }
}
