package autark.cli;

import autark.chip.MemoryBandwidth;
import autark.chip.WorkerPool;
import autark.engine.Benchmark;
import autark.engine.Engine;
import autark.engine.EngineOptions;
import autark.engine.Json;
import autark.engine.WeightTraffic;
import autark.model.file.Gguf;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// `autark bench`: how fast a model runs on this machine.
@Command(
        name = "bench",
        description = "Measures how fast a model runs on this machine.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark bench smollm2:135m",
            "  autark bench model.gguf --prompt-tokens 128 --repetitions 5 --json",
        })
final class BenchCommand implements Callable<Integer> {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double BYTES_PER_GIGABYTE = 1e9;

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "A name in the store or a file.")
    private ModelArgument model;

    @Option(
            names = "--prompt-tokens",
            paramLabel = "N",
            defaultValue = "512",
            description = "Tokens to read (default: ${DEFAULT-VALUE}).")
    private int promptTokens;

    @Option(
            names = "--generate-tokens",
            paramLabel = "N",
            defaultValue = "64",
            description = "Tokens to write (default: ${DEFAULT-VALUE}).")
    private int generateTokens;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "3",
            description = "Measurements, after one to warm up (default: ${DEFAULT-VALUE}).")
    private int repetitions;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    @Mixin private ComputeArguments compute;

    /// Rates of the repetitions.
    private record Rates(double median, double least, double most) {
        static Rates of(int tokens, List<Duration> times) {
            double[] rates =
                    times.stream()
                            .mapToDouble(time -> tokens * NANOS_PER_SECOND / time.toNanos())
                            .sorted()
                            .toArray();
            return new Rates(median(rates), rates[0], rates[rates.length - 1]);
        }

        private static double median(double[] sorted) {
            int middle = sorted.length / 2;
            return sorted.length % 2 == 1
                    ? sorted[middle]
                    : (sorted[middle - 1] + sorted[middle]) / 2;
        }

        ObjectNode json() {
            return Json.mapper()
                    .createObjectNode()
                    .put("median", median)
                    .put("min", least)
                    .put("max", most);
        }
    }

    /// All that was measured.
    ///
    /// @param bandwidth bytes a second that the memory gives, if there was memory to measure with
    private record Report(
            double loadSeconds,
            double firstTokenSeconds,
            Rates prefill,
            Rates decode,
            long bytesPerToken,
            OptionalDouble bandwidth) {
        double traffic() {
            return decode.median() * bytesPerToken;
        }
    }

    @Override
    public Integer call() throws IOException {
        Benchmark.Work work = new Benchmark.Work(promptTokens, generateTokens, repetitions);
        EngineOptions options = compute.engineOptions();
        Report report = measure(model.file(), options, work);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(report));
        } else {
            print(report, out);
        }
        return ExitCode.OK;
    }

    private Report measure(Path file, EngineOptions options, Benchmark.Work work) {
        long bytesPerToken = bytesPerToken(file);
        Clock clock = Clock.system(ZoneOffset.UTC);
        long start = System.nanoTime();
        try (Engine engine = Engine.open(file, options)) {
            double loadSeconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
            Benchmark times = Benchmark.run(engine, work, clock);
            Rates prefill = Rates.of(promptTokens, times.prefills());
            return new Report(
                    loadSeconds,
                    promptTokens / prefill.median(),
                    prefill,
                    Rates.of(generateTokens, times.decodes()),
                    bytesPerToken,
                    bandwidth());
        }
    }

    private static long bytesPerToken(Path file) {
        try (Gguf gguf = Gguf.open(file)) {
            return WeightTraffic.bytesPerToken(gguf);
        }
    }

    private OptionalDouble bandwidth() {
        try (WorkerPool pool = WorkerPool.start(compute.threadCount())) {
            return MemoryBandwidth.bytesPerSecond(pool);
        }
    }

    private void print(Report report, PrintWriter out) {
        out.printf(Locale.ROOT, "load         %.2f s%n", report.loadSeconds());
        out.printf(Locale.ROOT, "first token  %.2f s%n", report.firstTokenSeconds());
        print("prefill", promptTokens, report.prefill(), out);
        print("decode", generateTokens, report.decode(), out);
        out.printf(
                Locale.ROOT,
                "weights      %s a token, %.1f GB/s%s%n",
                Quantity.bytes(report.bytesPerToken()),
                report.traffic() / BYTES_PER_GIGABYTE,
                share(report));
    }

    private static String share(Report report) {
        if (report.bandwidth().isEmpty()) {
            return "; no memory to measure the bandwidth with";
        }
        double bandwidth = report.bandwidth().getAsDouble();
        return String.format(
                Locale.ROOT,
                " = %.0f %% of the %.1f GB/s that the memory gives",
                100 * report.traffic() / bandwidth,
                bandwidth / BYTES_PER_GIGABYTE);
    }

    private static void print(String name, int tokens, Rates rates, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%-12s %.1f tokens/s (%.1f to %.1f), %d tokens%n",
                name,
                rates.median(),
                rates.least(),
                rates.most(),
                tokens);
    }

    private String json(Report report) {
        ObjectNode object = Json.mapper().createObjectNode();
        object.put("model", model.text())
                .put("threads", compute.threadCount())
                .put("kernels", compute.chip().kernels().name())
                .put("promptTokens", promptTokens)
                .put("generateTokens", generateTokens)
                .put("repetitions", repetitions)
                .put("loadSeconds", report.loadSeconds())
                .put("timeToFirstTokenSeconds", report.firstTokenSeconds());
        object.set("prefillTokensPerSecond", report.prefill().json());
        object.set("decodeTokensPerSecond", report.decode().json());
        object.put("bytesPerToken", report.bytesPerToken());
        report.bandwidth()
                .ifPresent(bandwidth ->
                        object.put("memoryBytesPerSecond", bandwidth)
                                .put("memoryBandwidthShare", report.traffic() / bandwidth));
        return object.toPrettyString();
    }
}
