package autark.engine;

import autark.chip.Chip;
import autark.chip.Kernels;
import java.util.Set;

/// The command `bench/storm REQUESTS [FIRST]`: storms of so many requests on the small models of
/// several architectures, with each kernel set and one to four threads.
public final class StormRun {
    private static final String[] MODELS = {
        "llama", "qwen3", "gemma2", "gemma3", "phi3", "smollm3", "qwen3moe"
    };

    private StormRun() {}

    public static void main(String[] arguments) {
        int requests = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 0;
        int failed = 0;
        for (String model : MODELS) {
            for (Kernels kernels : Chip.current().available()) {
                for (int threads = 1; threads <= 4; threads++) {
                    Storm storm = new Storm(Storm.golden(model), kernels, threads, seed);
                    Set<String> problems = storm.run(requests);
                    System.out.printf(
                            "%s, %s kernels, %d threads, seed %d: %,d answers compared%n",
                            model, kernels.name(), threads, seed, storm.finishedCount());
                    problems.forEach(problem -> System.out.println("  " + problem));
                    failed += problems.isEmpty() ? 0 : 1;
                    seed++;
                }
            }
        }
        System.out.printf("%d storms failed%n", failed);
        if (failed > 0) {
            System.exit(1);
        }
    }
}
