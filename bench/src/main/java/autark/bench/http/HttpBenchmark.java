package autark.bench.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A running server under load: `bench/http`.
public final class HttpBenchmark {
    private HttpBenchmark() {}

    /// @param arguments the root of the tree, what to do, the model, and how much of it
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path root = Path.of(arguments[0]);
        String model = arguments[2];
        Path data = Files.createTempDirectory("autark-http");
        int amount = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 0;
        long seed = arguments.length > 4 ? Long.parseLong(arguments[4]) : 1;
        switch (arguments[1]) {
            case "layer" -> Layer.run(root, data, model);
            case "overload" -> Overload.run(root, data, model, amount == 0 ? 180 : amount);
            case "slow" -> SlowClients.run(root, data, model);
            case "kill" -> Kills.run(root, data, model, amount == 0 ? 100 : amount, seed);
            case "fuzz" -> Fuzz.run(root, data, model, amount == 0 ? 100_000 : amount, seed);
            case "keys" -> KeyTiming.run(data, amount == 0 ? 1_000_000 : amount, seed);
            case "prefixes" ->
                    PrefixTiming.run(root, data, model, amount == 0 ? 500 : amount, seed);
            default ->
                    throw new IllegalArgumentException(
                            "found %s, expected layer, overload, slow, kill, fuzz, keys or prefixes"
                                    .formatted(arguments[1]));
        }
    }
}
