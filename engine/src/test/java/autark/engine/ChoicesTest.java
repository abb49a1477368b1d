package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import autark.engine.sample.Sampling;
import autark.engine.sample.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several answers to one request, and what the model thought of their tokens.
class ChoicesTest {
    private static final Request BABBLE =
            Request.raw("once upon a time there was a king and").withMaxTokens(20).withSeed(5);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void eachChoiceIsTheAnswerOfALargerSeed(int runningMax) {
        List<String> alone = new ArrayList<>();
        for (int i = 0; i < Engine.CHOICES_MAX; i++) {
            try (Engine engine = engine(EngineOptions.defaults())) {
                alone.add(engine.generate(BABBLE.withSeed(5 + i)).text());
            }
        }
        ScriptedModel model = ScriptedModel.babbling();
        try (Engine engine =
                engine(
                        model,
                        EngineOptions.defaults()
                                .withRunningMax(runningMax)
                                .withSpeculation(new Speculation.Off()))) {
            List<TokenStream> streams = engine.generate(BABBLE, Engine.CHOICES_MAX);
            assertThat(streams).extracting(TokenStream::text).isEqualTo(alone);
            assertThat(alone).doesNotHaveDuplicates();
            int promptTokens = streams.getFirst().result().usage().promptTokens();
            if (runningMax == Engine.CHOICES_MAX) {
                // The prompt once, and a token of each choice but the last, which is never read.
                assertThat(model.readTokens()).isEqualTo(promptTokens + 8 * 19);
            }
        }
    }

    @Test
    void choicesOfAPromptThatIsKnownBeginAtItsLastToken() {
        try (Engine engine = engine(EngineOptions.defaults())) {
            List<String> fresh =
                    engine.generate(BABBLE, 3).stream().map(TokenStream::text).toList();
            List<TokenStream> again = engine.generate(BABBLE, 3);
            assertThat(again).extracting(TokenStream::text).isEqualTo(fresh);
            Usage usage = again.getFirst().result().usage();
            assertThat(usage.cachedTokens()).isEqualTo(usage.promptTokens() - 1);
        }
    }

    @Test
    void aChoiceThatIsCancelledLeavesTheOthersAlone() {
        try (Engine engine = engine(EngineOptions.defaults());
                BusyEngine busy = BusyEngine.keep(engine)) {
            List<TokenStream> streams = engine.generate(BABBLE, 3);
            streams.getFirst().cancel();
            busy.release();
            assertThat(streams.get(0).result().finish()).isEqualTo(FinishReason.CANCELLED);
            assertThat(streams.get(1).text()).hasSize(20);
            assertThat(streams.get(2).text()).hasSize(20);
        }
    }

    @Test
    void theNumberOfChoicesIsBounded() {
        try (Engine engine = engine(EngineOptions.defaults())) {
            for (int count : new int[] {-1, 0, Engine.CHOICES_MAX + 1}) {
                assertThatExceptionOfType(EngineException.class)
                        .isThrownBy(() -> engine.generate(BABBLE, count))
                        .withMessage(
                                "answers to one request: found %d, expected 1 to 8"
                                        .formatted(count));
            }
        }
    }

    @Test
    void logprobsAreThoseOfTheModel() {
        try (Engine engine = engine(EngineOptions.defaults())) {
            Request request = BABBLE.withScoring(new Scoring(true, true, 3));
            Result result = engine.generate(request).result();
            assertThat(result.text()).isEqualTo(engine.generate(BABBLE).text());
            assertThat(result.logprobs()).hasSize(20);
            assertThat(result.logprobs())
                    .extracting(TokenLogprob::token)
                    .isEqualTo(result.tokens());
            assertThat(result.promptLogprobs()).hasSize(result.usage().promptTokens() - 1);
            assertThat(result.logprobs()).allSatisfy(scored -> assertThat(scored.top()).hasSize(3));
            // What was drawn becomes prompt, and the model's opinion of it stays the same.
            List<Integer> all = new ArrayList<>();
            all.add(TestVocabulary.BEGIN);
            for (int token : TestVocabulary.bytes("once upon a time there was a king and")) {
                all.add(token);
            }
            all.addAll(result.tokens());
            Result again =
                    engine.generate(
                                    Request.of(new Prompt.Tokens(all))
                                            .withMaxTokens(1)
                                            .withScoring(new Scoring(false, true, 3)))
                            .result();
            int first = result.promptLogprobs().size();
            for (int i = 0; i < 20; i++) {
                assertThat(again.promptLogprobs().get(first + i))
                        .isEqualTo(result.logprobs().get(i));
            }
            double sum =
                    result.logprobs().getFirst().top().stream()
                            .mapToDouble(top -> Math.exp(top.logprob()))
                            .sum();
            assertThat(sum).isLessThan(1).isCloseTo(0.3, within(0.25));
        }
    }

    private static Engine engine(EngineOptions options) {
        return engine(ScriptedModel.babbling(), options);
    }

    private static Engine engine(ScriptedModel model, EngineOptions options) {
        return new Engine(
                model,
                TestVocabulary.tokenizer(),
                ScriptedModel.TEMPLATE,
                Sampling.standard(),
                options);
    }
}
