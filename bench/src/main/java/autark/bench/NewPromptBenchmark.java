package autark.bench;

import autark.engine.Engine;
import autark.engine.EngineOptions;
import autark.engine.Json;
import autark.engine.Prompt;
import autark.engine.Request;
import autark.engine.Speculation;
import autark.engine.TokenStream;
import autark.engine.sample.Sampling;
import autark.text.parse.Segment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// What those whose answers are being written notice when the engine reads a new prompt: the time
/// between two pieces of an answer, alone and meanwhile. `NewPromptBenchmark FILE THREADS` writes a
/// JSON object.
///
/// Eight answers run all the time; a prompt of 512 tokens comes, is read and gets one token, then
/// there is peace for as many steps as make a measurement, and so on.
public final class NewPromptBenchmark {
    private static final int ANSWERS = 8;
    private static final int OPENING_TOKENS = 128;
    private static final int PROMPT_TOKENS = 512;
    private static final int QUIET_PIECES = 40;
    private static final int ROUNDS = 5;

    /// Longest sequence; longer than the answers become unless prompts are read a token a step.
    private static final int CONTEXT_TOKENS = 4096;

    /// Stands for the stream of the new prompt.
    private static final int NEWCOMER = -1;

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    /// A piece has come, or at the stream of the newcomer its only token.
    private record Stamp(int stream, long nanos) {}

    private final Engine engine;
    private final SplittableRandom random = new SplittableRandom(1);
    private final BlockingQueue<Stamp> stamps = new LinkedBlockingQueue<>();
    private final long[] latest = new long[ANSWERS];
    private final int[] pieces = new int[ANSWERS];
    private final List<Long> alone = new ArrayList<>();
    private final List<Long> beside = new ArrayList<>();
    private final List<Long> readings = new ArrayList<>();

    private NewPromptBenchmark(Engine engine) {
        this.engine = engine;
    }

    /// Measures a model file and prints the result.
    static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException(
                    "found %d arguments, expected FILE THREADS, as in: model.gguf 2"
                            .formatted(arguments.length));
        }
        EngineOptions options =
                EngineOptions.defaults()
                        .withThreadCount(Integer.parseInt(arguments[1]))
                        .withContextLength(CONTEXT_TOKENS)
                        .withRunningMax(ANSWERS + 1)
                        .withSpeculation(new Speculation.Off());
        try (Engine engine = Engine.open(Path.of(arguments[0]), options)) {
            IO.println(new NewPromptBenchmark(engine).run());
        }
    }

    private String run() throws InterruptedException {
        List<TokenStream> answers = new ArrayList<>();
        try {
            for (int i = 0; i < ANSWERS; i++) {
                int index = i;
                TokenStream answer = engine.generate(request(OPENING_TOKENS));
                answers.add(answer);
                Thread.ofVirtual().start(() -> read(answer, index));
            }
            quiet();
            for (int round = 0; round <= ROUNDS; round++) {
                if (round == 1) {
                    List.of(alone, beside, readings).forEach(List::clear);
                }
                newPrompt();
                quiet();
            }
        } finally {
            answers.forEach(TokenStream::close);
        }
        return report();
    }

    private void read(TokenStream answer, int index) {
        for (Segment _ : answer) {
            stamps.add(new Stamp(index, System.nanoTime()));
        }
    }

    /// Waits until every answer has got so many pieces. The first gap is left out: it began before.
    private void quiet() throws InterruptedException {
        Arrays.fill(pieces, 0);
        while (Arrays.stream(pieces).min().orElse(0) < QUIET_PIECES) {
            take(alone);
        }
    }

    private void newPrompt() throws InterruptedException {
        long start = System.nanoTime();
        TokenStream stream = engine.generate(request(PROMPT_TOKENS).withMaxTokens(1));
        Thread.ofVirtual()
                .start(() -> {
                    stream.result();
                    stamps.add(new Stamp(NEWCOMER, System.nanoTime()));
                });
        Arrays.fill(pieces, 1);
        Stamp stamp = take(beside);
        while (stamp.stream() != NEWCOMER) {
            stamp = take(beside);
        }
        readings.add(stamp.nanos() - start);
    }

    private Stamp take(List<Long> gaps) throws InterruptedException {
        Stamp stamp = stamps.take();
        int stream = stamp.stream();
        if (stream != NEWCOMER) {
            if (pieces[stream]++ > 0) {
                gaps.add(stamp.nanos() - latest[stream]);
            }
            latest[stream] = stamp.nanos();
        }
        return stamp;
    }

    /// No two prompts are alike, so that each is read; no answer ends by itself.
    private Request request(int tokenCount) {
        Map<Integer, Double> never = new HashMap<>();
        engine.tokenizer().endOfTurn().forEach(token -> never.put(token, Double.NEGATIVE_INFINITY));
        int vocabSize = engine.tokenizer().vocabSize();
        List<Integer> tokens = random.ints(tokenCount, 0, vocabSize).boxed().toList();
        return Request.of(new Prompt.Tokens(tokens))
                .withSampling(Sampling.greedy().withLogitBias(never));
    }

    private String report() {
        return Json.mapper()
                .createObjectNode()
                .put("answers", ANSWERS)
                .put("promptTokens", PROMPT_TOKENS)
                .put("aloneMedianMillis", quantile(alone, 0.5) / NANOS_PER_MILLI)
                .put("alone95Millis", quantile(alone, 0.95) / NANOS_PER_MILLI)
                .put("besideMedianMillis", quantile(beside, 0.5) / NANOS_PER_MILLI)
                .put("beside95Millis", quantile(beside, 0.95) / NANOS_PER_MILLI)
                .put("readingSeconds", quantile(readings, 0.5) / NANOS_PER_SECOND)
                .toPrettyString();
    }

    private static double quantile(List<Long> values, double share) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size())));
    }
}
