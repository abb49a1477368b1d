package autark.engine;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RequestTest {
    @Test
    void refusesStopsOutOfRangeByName() {
        Stop stop = Stop.atEndOfTurn();
        refused(() -> stop.withMaxTokens(0), "max tokens: found 0");
        refused(() -> stop.withStrings(List.of("")), "stop string: found 0 characters");
        refused(
                () -> stop.withStrings(List.of("x".repeat(257))),
                "stop string: found 257 characters, expected 1 to 256");
        refused(
                () -> stop.withStrings(Collections.nCopies(33, "x")),
                "stop strings: found 33, expected at most 32");
    }

    @Test
    void refusesOptionsOutOfRangeByName() {
        EngineOptions options = EngineOptions.defaults();
        refused(() -> options.withThreadCount(0), "threads: found 0, expected 1 to 1024");
        refused(() -> options.withContextLength(-1), "context: found -1 tokens");
        refused(() -> options.withMaxStepTokens(0), "step tokens: found 0, expected 1 to 4096");
        refused(() -> options.withMaxStepTokens(4097), "step tokens: found 4097");
        refused(() -> options.withRunningMax(0), "running answers: found 0, expected 1 to 1024");
    }

    private static void refused(Runnable change, String message) {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(change::run)
                .withMessageContaining(message);
    }
}
