package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.sample.Sampling;
import autark.engine.schedule.DraftModel;
import autark.engine.schedule.Drafter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A draft model, whether it knows what comes or not, changes nothing but the number of steps.
class DraftTest {
    /// Whether guesses pay is measured; on a clock that stands still they always do.
    private static final Clock STILL = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    private static final Request BABBLE =
            Request.raw("once upon a time there was a king and").withMaxTokens(60);

    @Test
    void aModelThatDraftsForItselfIsAlwaysRight() {
        ScriptedModel model = ScriptedModel.babbling();
        Request greedy = BABBLE.withSampling(Sampling.greedy());
        String alone = alone(greedy);
        try (Engine engine = engine(model, drafting(ScriptedModel.babbling()))) {
            Result result = engine.generate(greedy).result();
            assertThat(result.text()).isEqualTo(alone);
            assertThat(model.steps.size()).isLessThan(35);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10})
    void manyAnswersWithGoodAndBadGuessesAreThoseWrittenAlone(int count) {
        List<String> alone = new ArrayList<>();
        for (int seed = 0; seed < count; seed++) {
            alone.add(alone(BABBLE.withSeed(seed)));
        }
        ScriptedModel drafts = new ScriptedModel(_ -> ScriptedModel.sure('e'));
        for (ScriptedModel draft : List.of(ScriptedModel.babbling(), drafts)) {
            try (Engine engine = engine(ScriptedModel.babbling(), drafting(draft))) {
                List<TokenStream> streams = new ArrayList<>();
                for (int seed = 0; seed < count; seed++) {
                    streams.add(engine.generate(BABBLE.withSeed(seed)));
                }
                assertThat(streams).extracting(TokenStream::text).isEqualTo(alone);
            }
            assertThat(draft.closed).isTrue();
        }
    }

    private static String alone(Request request) {
        try (Engine engine = engine(ScriptedModel.babbling(), Drafter.none())) {
            return engine.generate(request).text();
        }
    }

    private static Drafter drafting(ScriptedModel model) {
        return new DraftModel(model, 30, 4, STILL);
    }

    private static Engine engine(ScriptedModel model, Drafter drafter) {
        return new Engine(
                model,
                TestVocabulary.tokenizer(),
                ScriptedModel.TEMPLATE,
                Sampling.standard(),
                drafter,
                EngineOptions.defaults().withClock(STILL));
    }
}
