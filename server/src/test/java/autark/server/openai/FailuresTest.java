package autark.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.ScriptedEngines;
import autark.server.store.Tables;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What fails for the client's reasons is told as that, and what was not kept is not said to be.
class FailuresTest {
    private static final String ASKED = "{\"model\": \"m\", \"input\": \"hi\"%s}";

    @Test
    void whatCannotBeKeptIsNotSaidToBeComplete() throws IOException, InterruptedException {
        try (OpenAiServer server =
                new OpenAiServer(
                        ScriptedEngines.saying("hello"),
                        Tables.inMemory(10),
                        Clock.systemUTC(),
                        Duration.ofMinutes(1))) {
            HttpResponse<String> whole = server.post("/v1/responses", ASKED.formatted(""));
            assertThat(whole.statusCode()).isEqualTo(503);
            HttpResponse<String> stream =
                    server.post("/v1/responses", ASKED.formatted(", \"stream\": true"));
            assertThat(stream.body())
                    .contains("event: response.failed")
                    .doesNotContain("event: response.completed");
            HttpResponse<String> unkept =
                    server.post("/v1/responses", ASKED.formatted(", \"store\": false"));
            assertThat(unkept.statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    /v1/chat/completions | 'logit_bias': {'999999': -100}, 'messages': [{'role': 'user', 'content': 'hi'}]
                    /v1/completions      | 'prompt': ['a','a','a','a','a'], 'n': 8
                    """)
    void whatTheEngineCannotDoIsRefused(String path, String fields)
            throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(ScriptedEngines.babbling())) {
            String body = ("{'model': 'm', " + fields + "}").replace('\'', '"');
            assertThat(server.post(path, body).statusCode()).isEqualTo(400);
        }
    }
}
