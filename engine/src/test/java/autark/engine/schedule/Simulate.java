package autark.engine.schedule;

import java.time.Duration;
import java.util.Locale;

/// The command `bench/simulate SEEDS [FIRST]`: storms by the thousand. With one seed it tells what
/// happens in it.
public final class Simulate {
    private Simulate() {}

    public static void main(String[] arguments) {
        long count = arguments.length > 0 ? Long.parseLong(arguments[0]) : 10_000;
        long first = arguments.length > 1 ? Long.parseLong(arguments[1]) : 0;
        long failed = 0;
        long steps = 0;
        long preemptions = 0;
        long start = System.nanoTime();
        for (long seed = first; seed < first + count; seed++) {
            Simulation.Report report =
                    count == 1 ? Simulation.run(seed, System.out::println) : Simulation.run(seed);
            steps += report.load().steps();
            preemptions += report.load().preemptions();
            if (!report.passed()) {
                failed++;
                System.out.printf(
                        "seed %d: %s%n  bench/simulate 1 %d tells more%n",
                        seed, String.join("; ", report.problems()), seed);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%,d storms, %,d steps, %,d preemptions, %d storms failed; %s%n",
                count,
                steps,
                preemptions,
                failed,
                Duration.ofNanos(System.nanoTime() - start));
        if (failed > 0) {
            System.exit(1);
        }
    }
}
