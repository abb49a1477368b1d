package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import autark.engine.sample.Sampling;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BatchBenchmarkTest {
    @Test
    void measuresCommonStepsOfTheModelAndThenTheEngine() {
        ScriptedModel model = ScriptedModel.babbling();
        List<BatchBenchmark> measured = measure(model, List.of(1, 3), 20, 4);

        // A step takes 16 tokens at most; one repetition warms up.
        List<Integer> one = List.of(16, 4, 1, 1, 1, 1);
        List<Integer> three = List.of(16, 16, 16, 12, 3, 3, 3, 3);
        int steps = 2 * (one.size() + three.size());
        assertThat(model.steps.subList(0, one.size())).isEqualTo(one);
        assertThat(model.steps.subList(one.size(), 2 * one.size())).isEqualTo(one);
        assertThat(model.steps.subList(2 * one.size(), steps - three.size())).isEqualTo(three);
        // The engine draws the last token of an answer without reading it.
        int served = model.steps.stream().skip(steps).mapToInt(Integer::intValue).sum();
        assertThat(served).isEqualTo(2 * (1 + 3) * (20 + 3));

        assertThat(measured).extracting(BatchBenchmark::sequenceCount).containsExactly(1, 3);
        // The clock ticks once a look.
        assertThat(measured)
                .allSatisfy(each -> {
                    assertThat(each.prefills()).containsExactly(Duration.ofSeconds(1));
                    assertThat(each.decodes()).containsExactly(Duration.ofSeconds(1));
                    assertThat(each.served()).hasSize(1);
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
