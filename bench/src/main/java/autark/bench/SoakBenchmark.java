package autark.bench;

import autark.engine.Engine;
import autark.engine.EngineOptions;
import autark.engine.Format;
import autark.engine.Load;
import autark.engine.Request;
import autark.engine.TokenStream;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.SplittableRandom;

/// Many requests of many kinds, one after the other and side by side, and what they do to memory;
/// then how much an engine without work takes of a core: `bench/soak`.
public final class SoakBenchmark {
    private static final long KEY_VALUE_BYTES = 256L << 20;
    private static final int TOGETHER = 24;
    private static final int REPORTS = 10;
    private static final long IDLE_MILLIS = 5_000;

    private SoakBenchmark() {}

    /// @param arguments a model file and the number of requests
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int count = Integer.parseInt(arguments[1]);
        EngineOptions options =
                EngineOptions.defaults()
                        .withKeyValueBytes(KEY_VALUE_BYTES)
                        .withRunningMax(16)
                        .withContextLength(2048);
        try (Engine engine = Engine.open(Path.of(arguments[0]), options)) {
            System.out.printf(
                    "%d MB for keys and values, %d MB resident before the first request%n",
                    KEY_VALUE_BYTES >> 20, residentMegabytes());
            SplittableRandom random = new SplittableRandom(1);
            ArrayDeque<TokenStream> streams = new ArrayDeque<>();
            for (int i = 1; i <= count; i++) {
                streams.add(engine.generate(request(random)));
                if (random.nextInt(10) == 0) {
                    streams.peekLast().cancel();
                }
                if (streams.size() == TOGETHER) {
                    streams.remove().result();
                }
                if (i % Math.max(1, count / REPORTS) == 0) {
                    report(i, engine.load());
                }
            }
            streams.forEach(TokenStream::result);
            idle();
        }
    }

    private static Request request(SplittableRandom random) {
        String beginning = "You are assistant number " + random.nextInt(20) + ". ";
        String question = "word ".repeat(random.nextInt(1, 150)) + random.nextInt();
        Request request =
                Request.raw(beginning.repeat(4) + question)
                        .withMaxTokens(random.nextInt(1, 24))
                        .withSeed(random.nextLong());
        return random.nextInt(8) == 0
                ? request.withFormat(new Format.Pattern("[a-z]{1," + random.nextInt(2, 40) + "}"))
                : request;
    }

    private static void report(int requests, Load load) throws IOException {
        System.out.printf(
                "%d requests, %d MB resident, %d of %d pages remembered, %d steps, %d preemptions%n",
                requests,
                residentMegabytes(),
                load.rememberedPages(),
                load.pages(),
                load.steps(),
                load.preemptions());
    }

    private static void idle() throws InterruptedException {
        OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long before = system.getProcessCpuTime();
        Thread.sleep(IDLE_MILLIS);
        double share = (system.getProcessCpuTime() - before) / (IDLE_MILLIS * 1e6);
        System.out.printf("idle: %.2f %% of a core%n", 100 * share);
    }

    private static long residentMegabytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
            }
        }
        return 0;
    }
}
