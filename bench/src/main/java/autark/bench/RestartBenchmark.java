package autark.bench;

import autark.engine.Engine;
import autark.engine.EngineOptions;
import autark.engine.PrefixFolder;
import autark.engine.Prompt;
import autark.engine.Request;
import autark.engine.TokenStream;
import autark.engine.Usage;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// How long a long prompt takes to its first token in a fresh process: `bench/restart` runs it
/// twice with one folder of prefixes, empty at first.
public final class RestartBenchmark {
    private static final long CAP_BYTES = 8L << 30;
    private static final int TOKEN_STRIDE = 7919;

    private RestartBenchmark() {}

    /// @param arguments a model file, the folder, the number of prompt tokens
    public static void main(String[] arguments) {
        Instant start = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
        Path folder = Path.of(arguments[1]);
        int tokenCount = Integer.parseInt(arguments[2]);
        EngineOptions options =
                EngineOptions.defaults()
                        .withRunningMax(1)
                        .withPrefixFolder(
                                new PrefixFolder(
                                        folder.resolve("prefixes"),
                                        folder.resolve("key"),
                                        CAP_BYTES,
                                        arguments[0]));
        Instant opening = Instant.now();
        try (Engine engine = Engine.open(Path.of(arguments[0]), options)) {
            Instant opened = Instant.now();
            List<Integer> tokens = new ArrayList<>();
            for (int i = 0; i < tokenCount; i++) {
                tokens.add((int) ((long) i * TOKEN_STRIDE % engine.tokenizer().vocabSize()));
            }
            Request request = Request.of(new Prompt.Tokens(tokens)).withMaxTokens(1);
            try (TokenStream stream = engine.generate(request)) {
                Usage usage = stream.result().usage();
                Instant first = Instant.now();
                System.out.printf(
                        "to main %.3f s, load %.3f s, first token %.3f s after that (%d of %d tokens known), whole process %.3f s%n",
                        seconds(start, opening),
                        seconds(opening, opened),
                        seconds(opened, first),
                        usage.cachedTokens(),
                        usage.promptTokens(),
                        seconds(start, first));
            }
        }
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e9;
    }
}
