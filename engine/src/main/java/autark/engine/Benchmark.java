package autark.engine;

import autark.engine.schedule.LanguageModel;
import autark.model.Span;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How fast a model reads and writes. Only the model is measured, without text and sampling.
///
/// @param firstPrefill time for the whole prompt when nothing is warm yet
/// @param prefills time for the whole prompt, for each repetition
/// @param decodes time for all tokens behind it, one by one, for each repetition
public record Benchmark(Duration firstPrefill, List<Duration> prefills, List<Duration> decodes) {
    /// What a repetition does.
    ///
    /// @param promptTokens tokens to read
    /// @param generatedTokens tokens to read one by one behind them, as when they are written
    public record Work(int promptTokens, int generatedTokens, int repetitions) {
        public static final int TOKENS_MAX = 1 << 24;
        public static final int REPETITIONS_MAX = 1000;

        /// Refuses values out of range.
        ///
        /// @throws EngineException if one is
        public Work {
            check("prompt tokens", promptTokens, TOKENS_MAX);
            check("generated tokens", generatedTokens, TOKENS_MAX);
            check("repetitions", repetitions, REPETITIONS_MAX);
        }

        private static void check(String name, int found, int maximum) {
            if (found < 1 || found > maximum) {
                throw new EngineException(
                        "%s: found %d, expected 1 to %d".formatted(name, found, maximum));
            }
        }
    }

    /// Any tokens do, but not always the same one: a mixture of experts would look too fast.
    private static final int TOKEN_STRIDE = 7919;

    public Benchmark {
        prefills = List.copyOf(prefills);
        decodes = List.copyOf(decodes);
    }

    /// Measures, after one repetition that warms up.
    ///
    /// @param clock fine enough for a token, for instance [Clock#systemUTC]
    /// @throws EngineException if the model's context has no room for the work
    public static Benchmark run(Engine engine, Work work, Clock clock) {
        int tokenCount = work.promptTokens() + work.generatedTokens();
        if (tokenCount > engine.contextLength()) {
            throw new EngineException(
                    "found %d tokens, expected at most the %d of the model's context"
                            .formatted(tokenCount, engine.contextLength()));
        }
        Duration firstPrefill = Duration.ZERO;
        List<Duration> prefills = new ArrayList<>();
        List<Duration> decodes = new ArrayList<>();
        for (int repetition = 0; repetition <= work.repetitions(); repetition++) {
            Repetition measured = engine.withModel(model -> repeat(model, work, clock));
            if (repetition == 0) {
                firstPrefill = measured.prefill();
            } else {
                prefills.add(measured.prefill());
                decodes.add(measured.decode());
            }
        }
        return new Benchmark(firstPrefill, prefills, decodes);
    }

    /// The token at a position.
    static int token(int position, int vocabSize) {
        return (int) ((long) position * TOKEN_STRIDE % vocabSize);
    }

    private record Repetition(Duration prefill, Duration decode) {}

    private static Repetition repeat(LanguageModel model, Work work, Clock clock) {
        int[] tokens = new int[work.promptTokens() + work.generatedTokens()];
        Arrays.setAll(tokens, i -> token(i, model.vocabSize()));
        try (Sequence sequence = new Sequence(model, tokens.length)) {
            Instant start = clock.instant();
            while (sequence.length() < work.promptTokens()) {
                int end = Math.min(work.promptTokens(), sequence.length() + model.maxStepTokens());
                append(model, sequence, tokens, end);
            }
            Instant read = clock.instant();
            while (sequence.length() < tokens.length) {
                append(model, sequence, tokens, sequence.length() + 1);
            }
            return new Repetition(
                    Duration.between(start, read), Duration.between(read, clock.instant()));
        }
    }

    private static void append(LanguageModel model, Sequence sequence, int[] tokens, int end) {
        sequence.append(Arrays.copyOfRange(tokens, sequence.length(), end), Span.Outputs.LAST);
        model.copyLogits(0, new float[model.vocabSize()]);
    }
}
