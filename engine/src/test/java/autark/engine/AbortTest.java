package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.sample.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers that are cancelled or closed, a thousand in each phase: the model takes no step more for
/// them, and all that they held is there again.
final class AbortTest {
    private static final int ABORTS = 1000;
    private static final Request LONG_PROMPT =
            Request.raw("x".repeat(100)).withSampling(Sampling.greedy()).withMaxTokens(50);

    @Test
    void whileTheyWait() {
        ScriptedModel model = ScriptedModel.babbling();
        try (Engine engine = engine(model)) {
            List<TokenStream> streams = new ArrayList<>();
            try (BusyEngine _ = BusyEngine.keep(engine)) {
                for (int i = 0; i < ABORTS / 2; i++) {
                    streams.addAll(engine.generate(LONG_PROMPT, 2));
                }
                streams.forEach(TokenStream::cancel);
            }
            assertThat(streams)
                    .allMatch(stream -> stream.result().finish() == FinishReason.CANCELLED);
            assertThat(model.steps).isEmpty();
            quiet(engine);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 6, 7, 9, 12})
    void whileTheirPromptIsReadOrTheyAreWritten(int step) {
        ScriptedModel model = ScriptedModel.babbling();
        try (Engine engine = engine(model)) {
            for (int i = 0; i < ABORTS / 4; i++) {
                // No two begin alike, so each reads its prompt.
                Request request =
                        LONG_PROMPT.withPrompt(new Prompt.Text((char) ('A' + i) + "x".repeat(99)));
                Consumer<TokenStream> abort =
                        i % 2 == 0 ? TokenStream::cancel : stream -> closeElsewhere(stream);
                abortInStep(engine, model, request, step, abort);
            }
            quiet(engine);
        }
    }

    private static void abortInStep(
            Engine engine,
            ScriptedModel model,
            Request request,
            int step,
            Consumer<TokenStream> abort) {
        model.steps.clear();
        TokenStream[] stream = new TokenStream[1];
        try (BusyEngine _ = BusyEngine.keep(engine)) {
            stream[0] = engine.generate(request);
            model.onStep =
                    () -> {
                        if (model.steps.size() == step) {
                            abort.accept(stream[0]);
                        }
                    };
        }
        assertThat(stream[0].result().finish()).isEqualTo(FinishReason.CANCELLED);
        assertThat(model.steps).hasSize(step);
        model.onStep = () -> {};
    }

    /// Closing waits for the end, so the engine's own thread cannot do it; who waits has cancelled.
    private static void closeElsewhere(TokenStream stream) {
        Waits.until(Thread.ofPlatform().start(stream::close), "awaitUninterruptibly");
    }

    @Test
    void whileTheyWaitForTheirReader() {
        ScriptedModel model =
                new ScriptedModel(_ -> ScriptedModel.sure('x'), 2 * TokenStream.AHEAD_MAX);
        try (Engine engine = engine(model)) {
            List<TokenStream> streams = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                streams.add(engine.generate(Request.raw("x").withSampling(Sampling.greedy())));
            }
            // All have come as far as their readers let them once somebody else gets an answer.
            assertThat(engine.generate(LONG_PROMPT).result().tokens()).hasSize(50);
            while (!streams.stream().noneMatch(TokenStream::hasRoom)) {
                engine.generate(LONG_PROMPT).result();
            }
            int steps = model.steps.size();
            streams.forEach(TokenStream::close);
            int more = model.steps.size() - steps;
            assertThat(streams)
                    .allMatch(stream -> stream.result().finish() == FinishReason.CANCELLED);
            assertThat(more).as("steps that had begun").isLessThanOrEqualTo(streams.size());
            quiet(engine);
        }
    }

    private static Engine engine(ScriptedModel model) {
        return new Engine(
                model,
                TestVocabulary.tokenizer(),
                ScriptedModel.TEMPLATE,
                Sampling.greedy(),
                EngineOptions.defaults());
    }

    /// Nobody holds anything.
    private static void quiet(Engine engine) {
        engine.withModel(_ -> ""); // the last step is over now
        engine.generate(LONG_PROMPT).result();
        engine.withModel(_ -> "");
        Load load = engine.load();
        assertThat(load.running()).isZero();
        assertThat(load.waiting()).isZero();
        assertThat(load.freePages() + load.rememberedPages()).isEqualTo(load.pages());
    }
}
