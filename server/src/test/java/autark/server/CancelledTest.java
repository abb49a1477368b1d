package autark.server;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.ScriptedEngines;
import autark.server.access.Accounts;
import autark.server.models.Keeper;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// Whose key is revoked while an answer is written is told, and does not get the beginning of the
/// answer for the whole.
class CancelledTest {
    private LiveServer server;

    @BeforeEach
    void start() {
        Accounts revoking =
                (caller, claim, cancel) -> {
                    cancel.run();
                    return receipt -> {};
                };
        server =
                new LiveServer(
                        ScriptedEngines.babbling(), revoking, Keeper.none(), Optional.empty());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"/v1/chat/completions, 503", "/v1/messages, 529", "/api/chat, 503"})
    void aWholeAnswerIsAFailure(String path, int status) {
        HttpResponse<String> response = server.post(path, body(path, false));
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains("cancelled before it was complete");
    }

    @ParameterizedTest
    @CsvSource({"/v1/chat/completions", "/v1/messages"})
    void aStreamEndsWithTheFailure(String path) {
        HttpResponse<String> response = server.post(path, body(path, true));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(LiveServer.events(response).getLast().at("/error/message").stringValue())
                .contains("cancelled before it was complete");
    }

    private static String body(String path, boolean stream) {
        var body = JsonMapper.shared().createObjectNode().put("model", "m").put("stream", stream);
        body.putArray("messages").addObject().put("role", "user").put("content", "hi");
        if (path.equals("/v1/messages")) {
            body.put("max_tokens", 100);
        }
        return body.toString();
    }
}
