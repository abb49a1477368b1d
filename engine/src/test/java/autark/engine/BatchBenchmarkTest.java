package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import autark.engine.sample.Sampling;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BatchBenchmarkTest {
    @Test
    void modelAndEngineWorkInTurns() {
        ScriptedModel model = ScriptedModel.babbling();
        measure(model, List.of(1), 20, 4);
        // A step takes 16 tokens at most; the engine does not read the last token of an answer.
        assertThat(model.steps.subList(0, 11)).containsExactly(16, 4, 1, 1, 1, 1, 16, 4, 1, 1, 1);
        // One repetition warms up.
        assertThat(model.steps).hasSize(2 * 11);
        assertThat(model.steps.subList(11, 22)).isEqualTo(model.steps.subList(0, 11));
    }

    @Test
    void sequencesHaveCommonSteps() {
        ScriptedModel model = ScriptedModel.babbling();
        measure(model, List.of(3), 20, 4);
        assertThat(model.steps.subList(0, 8)).containsExactly(16, 16, 16, 12, 3, 3, 3, 3);
        assertThat(model.readTokens()).isEqualTo(2 * 3 * ((20 + 4) + (20 + 3)));
    }

    @Test
    void tellsTheTimesOfEachRepetitionButTheFirst() {
        List<BatchBenchmark> measured = measure(ScriptedModel.babbling(), List.of(1, 3), 20, 4);
        assertThat(measured).extracting(BatchBenchmark::sequenceCount).containsExactly(1, 3);
        // The clock ticks once a look.
        Duration tick = Duration.ofSeconds(1);
        assertThat(measured)
                .allSatisfy(each -> {
                    assertThat(each.prefills()).containsExactly(tick);
                    assertThat(each.decodes()).containsExactly(tick);
                    assertThat(each.served()).containsExactly(tick);
                });
    }

    @Test
    void answersThatWouldEndAtOnceGoOn() {
        ScriptedModel model =
                new ScriptedModel(_ -> {
                    float[] logits = ScriptedModel.sure(TestVocabulary.TURN_END);
                    logits['x'] = -1;
                    return logits;
                });
        measure(model, List.of(2), 3, 5);

        int ofModel = 2 * 2 * (3 + 5);
        int ofEngine = 2 * 2 * (3 + 4);
        assertThat(model.readTokens()).isEqualTo(ofModel + ofEngine);
    }

    @Test
    void refusesWhatHasNoRoom() {
        refused(List.of(0), 1, "sequences: found 0, expected 1 to 256");
        refused(List.of(1, 257), 1, "sequences: found 257, expected 1 to 256");
        refused(List.of(), 1, "sequences: found no number");
        refused(List.of(9), 1, "sequences: found 9, expected at most the 8 of a step");
        refused(List.of(1), 200, "found 201 tokens, expected at most the 200 of the context");
    }

    private static void refused(List<Integer> counts, int promptTokens, String message) {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> measure(ScriptedModel.babbling(), counts, promptTokens, 1))
                .withMessageContaining(message);
    }

    private static List<BatchBenchmark> measure(
            ScriptedModel model, List<Integer> counts, int promptTokens, int generatedTokens) {
        BatchBenchmark.Work work =
                new BatchBenchmark.Work(
                        counts, new Benchmark.Work(promptTokens, generatedTokens, 1));
        EngineOptions options = EngineOptions.defaults().withSpeculation(new Speculation.Off());
        try (Engine engine =
                new Engine(model, TestVocabulary.tokenizer(), "", Sampling.greedy(), options)) {
            return BatchBenchmark.run(engine, work, new TickingClock());
        }
    }
}
