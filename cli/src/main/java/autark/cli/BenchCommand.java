package autark.cli;

import autark.engine.BatchBenchmark;
import autark.engine.Benchmark;
import autark.engine.Engine;
import autark.engine.EngineOptions;
import autark.engine.Json;
import autark.engine.Speculation;
import autark.engine.TokenCost;
import autark.model.file.Gguf;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
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
            "  autark bench model.gguf --sequences 1,4,16,32 --prompt-tokens 128",
        })
final class BenchCommand implements Callable<Integer> {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double PER_GIGA = 1e9;

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

    @Option(
            names = "--sequences",
            paramLabel = "N",
            split = ",",
            description =
                    "Measure N sequences at once, 1 to 256, by the model alone and by the whole"
                            + " engine; several numbers give a table.")
    private List<Integer> sequences = new ArrayList<>();

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    @Mixin private AdapterArguments adapter;
    @Mixin private ComputeArguments compute;
    @Mixin private EngineArguments engineArguments;

    /// What a token asks of the machine.
    ///
    /// @param decodeBytes weights, keys and values that a written token reads on average
    /// @param prefillMultiplyAdds of integer types in the products of a token that is read
    private record Cost(long decodeBytes, long prefillMultiplyAdds) {}

    /// All that was measured.
    private record Report(
            double loadSeconds,
            double firstPrefill,
            Rates prefill,
            Rates decode,
            Cost cost,
            MachineLimits limits) {
        double traffic() {
            return decode.median() * cost.decodeBytes();
        }

        double multiplyAdds() {
            return prefill.median() * cost.prefillMultiplyAdds();
        }

        double multiplyAddShare() {
            return multiplyAdds() / limits.multiplyAdds();
        }
    }

    @Override
    public Integer call() throws IOException {
        Benchmark.Work work = new Benchmark.Work(promptTokens, generateTokens, repetitions);
        EngineOptions options =
                engineArguments.over(
                        adapter.over(compute.engineOptions())
                                .withSpeculation(new Speculation.Off()));
        if (!sequences.isEmpty()) {
            batch(model.file(), options, new BatchBenchmark.Work(sequences, work));
            return ExitCode.OK;
        }
        Report report = measure(model.file(), options, work);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(report));
        } else {
            print(report, out);
        }
        return ExitCode.OK;
    }

    private void batch(Path file, EngineOptions options, BatchBenchmark.Work work) {
        List<BatchBenchmark> measured;
        try (Engine engine = Engine.open(file, withRoom(file, options, work))) {
            measured = BatchBenchmark.run(engine, work, Clock.system(ZoneOffset.UTC));
        }
        MachineLimits limits = limits();
        List<BatchReport.Row> rows = new ArrayList<>();
        try (Gguf gguf = Gguf.open(file)) {
            for (BatchBenchmark each : measured) {
                BatchReport.Cost cost =
                        BatchReport.Cost.of(
                                gguf, options.model().kvType(), each.sequenceCount(), work.each());
                rows.add(BatchReport.Row.of(each, work.each(), cost, limits));
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        BatchReport report = new BatchReport(work.each(), rows);
        if (json) {
            ObjectNode object = described();
            object.set("sequences", report.json());
            out.println(object.toPrettyString());
        } else {
            report.print(out);
        }
    }

    private static EngineOptions withRoom(
            Path file, EngineOptions options, BatchBenchmark.Work work) {
        try (Gguf gguf = Gguf.open(file)) {
            return work.options(gguf, options);
        }
    }

    private Report measure(Path file, EngineOptions options, Benchmark.Work work) {
        Cost cost = cost(file, options);
        Clock clock = Clock.system(ZoneOffset.UTC);
        long start = System.nanoTime();
        try (Engine engine = Engine.open(file, options)) {
            double loadSeconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
            Benchmark times = Benchmark.run(engine, work, clock);
            return new Report(
                    loadSeconds,
                    promptTokens * NANOS_PER_SECOND / times.firstPrefill().toNanos(),
                    Rates.of(promptTokens, times.prefills()),
                    Rates.of(generateTokens, times.decodes()),
                    cost,
                    limits());
        }
    }

    private Cost cost(Path file, EngineOptions options) {
        int middle = promptTokens + generateTokens / 2;
        try (Gguf gguf = Gguf.open(file)) {
            return new Cost(
                    TokenCost.weightBytes(gguf)
                            + TokenCost.keyValueBytes(gguf, options.model().kvType(), middle),
                    TokenCost.promptMultiplyAdds(gguf));
        }
    }

    private MachineLimits limits() {
        return MachineLimits.measure(compute.threadCount(), compute.chip().kernels());
    }

    private void print(Report report, PrintWriter out) {
        out.printf(Locale.ROOT, "load         %.2f s%n", report.loadSeconds());
        print("prefill", promptTokens, report.prefill(), out);
        out.printf(
                Locale.ROOT,
                "             %.1f tokens/s the first time%s%n",
                report.firstPrefill(),
                multiplyAdds(report));
        print("decode", generateTokens, report.decode(), out);
        out.printf(
                Locale.ROOT,
                "             %s a token, %.1f GB/s%s%n",
                Quantity.bytes(report.cost().decodeBytes()),
                report.traffic() / PER_GIGA,
                share(report));
    }

    private static String multiplyAdds(Report report) {
        if (report.cost().prefillMultiplyAdds() == 0) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "; %.0f G multiply-adds/s = %.0f %% of the %.0f that the kernels could do",
                report.multiplyAdds() / PER_GIGA,
                100 * report.multiplyAddShare(),
                report.limits().multiplyAdds() / PER_GIGA);
    }

    private static String share(Report report) {
        OptionalDouble measured = report.limits().bandwidth();
        if (measured.isEmpty()) {
            return "; no memory to measure the bandwidth with";
        }
        double bandwidth = measured.getAsDouble();
        return String.format(
                Locale.ROOT,
                " = %.0f %% of the %.1f that the memory gives",
                100 * report.traffic() / bandwidth,
                bandwidth / PER_GIGA);
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
        ObjectNode object = described();
        object.put("loadSeconds", report.loadSeconds())
                .put("firstPrefillTokensPerSecond", report.firstPrefill());
        object.set("prefillTokensPerSecond", report.prefill().json());
        object.set("decodeTokensPerSecond", report.decode().json());
        object.put("multiplyAddsPerPromptToken", report.cost().prefillMultiplyAdds())
                .put("multiplyAddsPerSecond", report.limits().multiplyAdds())
                .put("bytesPerToken", report.cost().decodeBytes());
        if (report.cost().prefillMultiplyAdds() > 0) {
            object.put("multiplyAddShare", report.multiplyAddShare());
        }
        report.limits()
                .bandwidth()
                .ifPresent(bandwidth ->
                        object.put("memoryBytesPerSecond", bandwidth)
                                .put("memoryBandwidthShare", report.traffic() / bandwidth));
        return object.toPrettyString();
    }

    /// What is measured.
    private ObjectNode described() {
        return Json.mapper()
                .createObjectNode()
                .put("model", model.text())
                .put("threads", compute.threadCount())
                .put("kernels", compute.chip().kernels().name())
                .put("promptTokens", promptTokens)
                .put("generateTokens", generateTokens)
                .put("repetitions", repetitions);
    }
}
