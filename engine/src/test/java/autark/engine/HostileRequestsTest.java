package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.engine.sample.Sampling;
import autark.engine.sample.SamplingException;
import autark.text.template.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Requests that are meant badly fail alone.
final class HostileRequestsTest {
    private static final int GOOD = 30;

    /// A token of a prompt behind which no token is possible.
    private static final int NOTHING_FOLLOWS = '!';

    private static final List<Request> REFUSED =
            List.of(
                    tokens(1, -1),
                    tokens(1, TestVocabulary.SIZE),
                    tokens(Integer.MAX_VALUE),
                    tokens(),
                    Request.raw("x".repeat(10_000)),
                    Request.of(List.of()),
                    Request.of(new Prompt.Messages(List.of(Message.user("x")), Map.of("y", 1))),
                    Request.of(Message.user("throw")));

    @Test
    void goodAnswersAreThoseThatTheyWouldBeAlone() {
        List<String> alone = new ArrayList<>();
        try (Engine engine = engine(model())) {
            for (int i = 0; i < GOOD; i++) {
                alone.add(engine.generate(good(i)).text());
            }
        }
        try (Engine engine = engine(model())) {
            List<TokenStream> streams = new ArrayList<>();
            List<TokenStream> bad = new ArrayList<>();
            for (int i = 0; i < GOOD; i++) {
                Request refused = REFUSED.get(i % REFUSED.size());
                assertThatThrownBy(() -> engine.generate(refused))
                        .as("request %d", i % REFUSED.size())
                        .isInstanceOf(RuntimeException.class)
                        .hasMessageMatching("(?s).{10,}");
                bad.addAll(engine.generate(Request.raw("once!" + i), 3));
                streams.add(engine.generate(good(i)));
                engine.generate(manyStops(i)).cancel();
            }
            assertThat(streams).extracting(TokenStream::text).isEqualTo(alone);
            for (TokenStream stream : bad) {
                assertThatExceptionOfType(SamplingException.class).isThrownBy(stream::text);
            }
            assertThat(engine.generate(good(0)).text()).isEqualTo(alone.getFirst());
        }
    }

    @Test
    void eachAllocationMayFailAndTheNextRequestWorks() {
        String alone;
        try (Engine engine = engine(model())) {
            alone = engine.generate(good(1)).text();
        }
        int failures = 0;
        for (int k = 1; k <= 20; k++) {
            ScriptedModel model = model();
            model.shortage = k;
            try (Engine engine = engine(model)) {
                boolean failed =
                        fails(engine, good(1).withMaxTokens(60))
                                || fails(engine, good(2))
                                || fails(engine, good(1));
                failures += failed ? 1 : 0;
                if (failed) {
                    assertThat(engine.generate(good(1)).text())
                            .as("allocation %d", k)
                            .isEqualTo(alone);
                }
            }
        }
        assertThat(failures).isGreaterThan(3);
    }

    private static boolean fails(Engine engine, Request request) {
        try {
            engine.generate(request).text();
            return false;
        } catch (OutOfMemoryError e) {
            assertThat(e).hasMessageContaining("no more memory");
            return true;
        }
    }

    private static ScriptedModel model() {
        ScriptedModel babbling = ScriptedModel.babbling();
        return new ScriptedModel(tokens -> {
            float[] logits = babbling.say(tokens);
            if (Arrays.stream(tokens).anyMatch(token -> token == NOTHING_FOLLOWS)) {
                Arrays.fill(logits, Float.NEGATIVE_INFINITY);
            }
            return logits;
        });
    }

    private static Engine engine(ScriptedModel model) {
        String template =
                "{% if messages[0].content == 'throw' %}{{ raise_exception('no such talk here') }}{% endif %}"
                        + ScriptedModel.TEMPLATE;
        return new Engine(
                model,
                TestVocabulary.tokenizer(),
                template,
                Sampling.standard(),
                EngineOptions.defaults());
    }

    private static Request good(int seed) {
        return Request.raw("once upon a time " + seed).withSeed(seed).withMaxTokens(20);
    }

    private static Request tokens(Integer... ids) {
        return Request.of(new Prompt.Tokens(List.of(ids)));
    }

    private static Request manyStops(int seed) {
        String stop = "y".repeat(Stop.STRING_CHARS_MAX - 1);
        List<String> strings = Collections.nCopies(Stop.STRING_COUNT_MAX, stop);
        return good(seed).withStop(new Stop(50, strings, Set.of(-1, Integer.MAX_VALUE)));
    }
}
