package autark.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import autark.server.ApiPage;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The reference page says what the server does.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiPageOpenAiTest {
    private OpenAiServer server;
    private Map<String, String> names;

    @BeforeAll
    void start() throws IOException, InterruptedException {
        server = new OpenAiServer(Scripts.saying("{\"answer\": 42}"));
        String response =
                server.answer("/v1/responses", "{\"model\": \"m\", \"input\": \"hi\"}")
                        .required("id")
                        .stringValue();
        names = Map.of("response", response, "file", server.upload("{}", ""));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    static List<ApiPage.Row> rows() throws IOException {
        return ApiPage.rows("api-openai.md");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theServerDoesWhatThePageSays(ApiPage.Row row) throws IOException, InterruptedException {
        HttpResponse<String> response = row.check(server.client(), server.address(), names);

        if (!row.honoured()) {
            JsonNode error = JsonMapper.shared().readTree(response.body()).required("error");
            assertThat(error.required("param").stringValue()).startsWith(row.field());
        }
    }
}
