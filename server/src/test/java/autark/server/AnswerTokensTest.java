package autark.server;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.ScriptedEngines;
import autark.server.access.Accounts;
import autark.server.access.Charge;
import autark.server.access.Claim;
import autark.server.http.Caller;
import autark.server.models.Keeper;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Who names no number of tokens gets as many as the key allows, and no more is set aside.
class AnswerTokensTest {
    private static final long MOST = 10;

    private final List<Claim> claims = new CopyOnWriteArrayList<>();
    private LiveServer server;

    @BeforeEach
    void start() {
        Accounts bounded =
                new Accounts() {
                    @Override
                    public Charge reserve(Caller caller, Claim claim, Runnable cancel) {
                        claims.add(claim);
                        return receipt -> {};
                    }

                    @Override
                    public OptionalLong answerTokensMax(Caller caller) {
                        return OptionalLong.of(MOST);
                    }
                };
        server =
                new LiveServer(
                        ScriptedEngines.babbling(), bounded, Keeper.none(), Optional.empty());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"'', 10", "'\"n\": 2,', 10", "'\"max_tokens\": 3,', 3"})
    void theKeyBoundsWhatTheRequestLeavesOpen(String more, int written) {
        String body =
                "{%s \"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}"
                        .formatted(more);
        JsonNode answer =
                JsonMapper.shared().readTree(server.post("/v1/chat/completions", body).body());
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(written);
        assertThat(answer.at("/choices/0/finish_reason").stringValue()).isEqualTo("length");
        assertThat(claims).extracting(Claim::maxTokens).containsExactly((long) written);
    }
}
