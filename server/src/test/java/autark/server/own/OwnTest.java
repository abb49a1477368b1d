package autark.server.own;

import static autark.server.LiveServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.ScriptedEngines;
import autark.server.LiveServer;
import autark.server.access.Accounts;
import autark.server.models.Keeper;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnTest {
    private LiveServer server;

    @BeforeEach
    void start() {
        server = new LiveServer(ScriptedEngines.saying("hello", LiveServer.TEMPLATE));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /// In the vocabulary of this test each byte is a token, and 256 begins a text.
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = ';',
            value = {
                "{'content': 'Hi'} ; [72,105]",
                "{'content': 'Hi', 'add_special': true} ; [256,72,105]",
                "{'content': '<|im_end|>'} ; [259]",
                "{'content': '<s', 'parse_special': false, 'with_pieces': true}"
                        + " ; [{'id':60,'piece':'<'},{'id':115,'piece':'s'}]",
                "{'content': 'é', 'with_pieces': true}"
                        + " ; [{'id':195,'piece':[195]},{'id':169,'piece':[169]}]",
                "{'content': ''} ; []"
            })
    void textsBecomeTokens(String body, String tokens) {
        HttpResponse<String> response = server.post("/tokenize", body.replace('\'', '"'));
        assertThat(json(response).at("/tokens").toString()).isEqualTo(tokens.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"72, 105 | Hi", "195, 169 | é", "195 | \uFFFD", "256, 72 | <s>H"})
    void tokensBecomeTexts(String tokens, String text) {
        HttpResponse<String> response =
                server.post("/detokenize", "{\"tokens\": [%s]}".formatted(tokens));
        assertThat(json(response).at("/content").stringValue()).isEqualTo(text);
    }

    @Test
    void messagesBecomeAPrompt() {
        HttpResponse<String> response =
                server.post(
                        "/apply-template",
                        """
                        {"messages": [{"role": "user", "content": "Hi"}],
                         "chat_template_kwargs": {"enable_thinking": false}}
                        """);
        assertThat(json(response).at("/prompt").stringValue())
                .isEqualTo("<|im_start|>user\nHi<|im_end|>\nFalse<|im_start|>assistant\n");
    }

    @Test
    void anotherModelIsNotThere() {
        HttpResponse<String> response =
                server.post("/tokenize", "{\"content\": \"Hi\", \"model\": \"other\"}");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).at("/error/param").stringValue()).isEqualTo("model");
    }

    @Test
    void whoCannotBeAskedSaysSo() {
        assertThat(server.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(server.get("/health").body()).isEqualTo("{\"status\":\"ok\"}");
        try (LiveServer draining =
                new LiveServer(
                        ScriptedEngines.saying("hello"),
                        Accounts.unlimited(),
                        Keeper.none(),
                        Optional.of("about to stop"))) {
            assertThat(draining.get("/healthz").statusCode()).isEqualTo(200);
            assertThat(draining.get("/readyz").statusCode()).isEqualTo(503);
            assertThat(draining.get("/readyz").body()).isEqualTo("about to stop\n");
            HttpResponse<String> health = draining.get("/health");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body())
                    .isEqualTo(
                            "{\"error\":{\"code\":503,\"message\":\"about to stop\","
                                    + "\"type\":\"unavailable_error\"}}");
        }
    }
}
