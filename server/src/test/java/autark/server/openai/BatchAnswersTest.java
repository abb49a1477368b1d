package autark.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.Engine;
import autark.engine.ScriptedEngines;
import autark.server.access.Accounts;
import autark.server.desk.Desk;
import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.models.Catalog;
import autark.server.models.ModelCard;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class BatchAnswersTest {
    private static final BatchLine LINE = new BatchLine("a", "{\"body\": {\"model\": \"m\"}}");

    private final AtomicInteger tries = new AtomicInteger();
    private Engine engine;

    @BeforeEach
    void open() {
        engine = ScriptedEngines.saying("x");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private BatchAnswers answers(Endpoint endpoint) {
        Desk desk =
                new Desk(
                        Catalog.of(new ModelCard("m", Instant.EPOCH), engine),
                        Accounts.unlimited(),
                        Desk.Observer.none(),
                        Clock.systemUTC(),
                        new Random(1));
        Names names = new Names(Clock.systemUTC(), new Random(1));
        return new BatchAnswers(Caller.local(), desk, names, Map.of("/x", endpoint));
    }

    private static ApiException busy() {
        return ApiException.of(ApiException.Kind.OVERLOADED, "busy")
                .withRetryAfter(Duration.ofNanos(1));
    }

    @Test
    void whatFindsNoRoomIsTriedAgain() {
        BatchAnswers answers =
                answers((asker, body) -> {
                    assertThat(asker.priority()).isNegative();
                    if (tries.incrementAndGet() < 3) {
                        throw busy();
                    }
                    return JsonNodeFactory.instance
                            .objectNode()
                            .put("model", body.requiredText("model"));
                });

        BatchOutcome outcome = answers.answer(LINE, "/x", Long.MAX_VALUE).orElseThrow();

        assertThat(outcome.failed()).isFalse();
        assertThat(outcome.text())
                .contains("\"custom_id\":\"a\"", "\"status_code\":200", "{\"model\":\"m\"}")
                .endsWith("\"error\":null}\n");
        assertThat(tries).hasValue(3);
    }

    @Test
    void whatIsStoppedOrCancelledOrTooLateHasNoOutcome() {
        BatchAnswers[] answers = new BatchAnswers[1];
        answers[0] =
                answers((asker, body) -> {
                    tries.incrementAndGet();
                    answers[0].cancel();
                    throw busy();
                });
        assertThat(answers[0].answer(LINE, "/x", Long.MAX_VALUE)).isEqualTo(Optional.empty());

        answers[0] =
                answers((asker, body) -> {
                    tries.incrementAndGet();
                    answers[0].stop();
                    throw ApiException.of(ApiException.Kind.UNAVAILABLE, "cancelled");
                });
        assertThat(answers[0].answer(LINE, "/x", Long.MAX_VALUE)).isEqualTo(Optional.empty());
        assertThat(answers[0].answer(LINE, "/x", Long.MAX_VALUE)).isEqualTo(Optional.empty());
        assertThat(tries).hasValue(2);
        assertThat(
                        answers((asker, body) -> JsonNodeFactory.instance.objectNode())
                                .answer(LINE, "/x", 1))
                .isEqualTo(Optional.empty());
    }

    @Test
    void aFailureIsTheOutcomeOfItsLine() {
        BatchAnswers answers =
                answers((asker, body) -> {
                    throw new IllegalStateException("broken in a test");
                });

        BatchOutcome outcome = answers.answer(LINE, "/x", Long.MAX_VALUE).orElseThrow();

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.text()).contains("\"status_code\":500", "api_error");
        assertThat(answers.answer(LINE, "/y", Long.MAX_VALUE).orElseThrow().text())
                .contains("\"status_code\":400");
    }
}
