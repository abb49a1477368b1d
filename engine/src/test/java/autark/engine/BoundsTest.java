package autark.engine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.engine.sample.Sampling;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each number of a request has bounds, at which it is taken and beyond which it is refused, before
/// any work is done.
class BoundsTest {
    /// @param least the smallest value that is taken
    /// @param most the largest, [Integer#MAX_VALUE] if every larger one is
    record Field(String name, int least, int most, IntFunction<Object> make) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Field> fields() {
        Request request = Request.raw("x");
        Service service = Service.usual();
        Stop stop = Stop.atEndOfTurn();
        return List.of(
                new Field("max tokens", 1, Integer.MAX_VALUE, request::withMaxTokens),
                new Field("thinking tokens", 0, Integer.MAX_VALUE, Thinking::new),
                new Field("top logprobs", 0, 20, count -> new Scoring(true, true, count)),
                new Field("top-k", 0, Sampling.COUNT_MAX, Sampling.standard()::withTopK),
                new Field(
                        "stop strings",
                        0,
                        Stop.STRING_COUNT_MAX,
                        count -> stop.withStrings(Collections.nCopies(count, "a"))),
                new Field(
                        "stop string",
                        1,
                        Stop.STRING_CHARS_MAX,
                        length -> stop.withStrings(List.of("a".repeat(length)))),
                new Field("priority", -100, 100, service::withPriority),
                new Field(
                        "tenant",
                        0,
                        Service.TENANT_CHARS_MAX,
                        length -> service.withTenant("a".repeat(length))),
                new Field(
                        "timeout", 1, 36_500, days -> service.withTimeout(Duration.ofDays(days))));
    }

    @ParameterizedTest
    @MethodSource("fields")
    void aFieldIsTakenUpToItsBounds(Field field) {
        assertThatCode(() -> field.make.apply(field.least)).doesNotThrowAnyException();
        assertThatCode(() -> field.make.apply(field.most)).doesNotThrowAnyException();
        if (field.least != 0 || !Set.of("tenant", "stop strings").contains(field.name)) {
            assertThatThrownBy(() -> field.make.apply(field.least - 1))
                    .isInstanceOf(RuntimeException.class)
                    .hasMessageContaining("found ");
        }
        if (field.most < Integer.MAX_VALUE) {
            assertThatThrownBy(() -> field.make.apply(field.most + 1))
                    .isInstanceOf(RuntimeException.class)
                    .hasMessageContaining("found ")
                    .hasMessageContaining("expected");
        }
    }
}
