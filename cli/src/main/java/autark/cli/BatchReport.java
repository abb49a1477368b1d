package autark.cli;

import autark.chip.KvType;
import autark.engine.BatchBenchmark;
import autark.engine.Benchmark;
import autark.engine.Json;
import autark.engine.TokenCost;
import autark.model.file.Gguf;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What was measured of several sequences at once, a row for each number of them.
record BatchReport(Benchmark.Work work, List<Row> rows) {
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double PERCENT = 100;

    /// What a step asks of the machine.
    ///
    /// @param stepBytes that a step in the middle of the answers reads: weights, keys and values
    /// @param promptMultiplyAdds of integer types for a token of the prompts
    /// @param writtenMultiplyAdds the same for a token of the answers
    record Cost(long stepBytes, long promptMultiplyAdds, long writtenMultiplyAdds) {
        static Cost of(Gguf file, KvType kvType, int sequenceCount, Benchmark.Work work) {
            int middle = work.promptTokens() + work.generatedTokens() / 2;
            long keyValueBytes = TokenCost.keyValueBytes(file, kvType, middle);
            return new Cost(
                    TokenCost.weightBytes(file, sequenceCount) + sequenceCount * keyValueBytes,
                    TokenCost.promptMultiplyAdds(file),
                    TokenCost.writtenMultiplyAdds(file));
        }
    }

    /// One number of sequences.
    ///
    /// @param prompt tokens of all prompts a second
    /// @param written tokens of all answers a second
    /// @param model tokens of both a second, by the model alone
    /// @param engine the same by the whole engine
    record Row(
            int sequenceCount,
            Rates prompt,
            Rates written,
            Rates model,
            Rates engine,
            Cost cost,
            MachineLimits limits) {
        static Row of(
                BatchBenchmark measured, Benchmark.Work work, Cost cost, MachineLimits limits) {
            int count = measured.sequenceCount();
            long promptTokens = (long) count * work.promptTokens();
            long writtenTokens = (long) count * work.generatedTokens();
            List<Duration> both =
                    IntStream.range(0, measured.prefills().size())
                            .mapToObj(
                                    i -> measured.prefills().get(i).plus(measured.decodes().get(i)))
                            .toList();
            return new Row(
                    count,
                    Rates.of(promptTokens, measured.prefills()),
                    Rates.of(writtenTokens, measured.decodes()),
                    Rates.of(promptTokens + writtenTokens, both),
                    Rates.of(promptTokens + writtenTokens, measured.served()),
                    cost,
                    limits);
        }

        double each() {
            return written.median() / sequenceCount;
        }

        double stepMillis() {
            return MILLIS_PER_SECOND / each();
        }

        double promptMultiplyAddShare() {
            return prompt.median() * cost.promptMultiplyAdds() / limits.multiplyAdds();
        }

        double multiplyAddShare() {
            return written.median() * cost.writtenMultiplyAdds() / limits.multiplyAdds();
        }

        OptionalDouble bandwidthShare() {
            return limits.bandwidth().stream()
                    .map(bandwidth -> each() * cost.stepBytes() / bandwidth)
                    .findFirst();
        }

        double engineShare() {
            return engine.median() / model.median();
        }

        /// Shares that make no sense are left out: a model of floats has no limit of integer codes.
        ObjectNode json() {
            ObjectNode object = Json.mapper().createObjectNode();
            object.put("sequences", sequenceCount).set("promptTokensPerSecond", prompt.json());
            object.set("writtenTokensPerSecond", written.json());
            object.put("writtenTokensPerSecondEach", each())
                    .put("stepMilliseconds", stepMillis())
                    .put("bytesPerStep", cost.stepBytes());
            bandwidthShare().ifPresent(share -> object.put("memoryBandwidthShare", share));
            if (cost.promptMultiplyAdds() > 0) {
                object.put("promptMultiplyAddShare", promptMultiplyAddShare())
                        .put("multiplyAddShare", multiplyAddShare());
            }
            object.set("tokensPerSecond", model.json());
            object.set("engineTokensPerSecond", engine.json());
            return object.put("engineShare", engineShare());
        }
    }

    private static final List<String> HEADINGS =
            List.of(
                    "sequences",
                    "prompt t/s",
                    "of mul-adds",
                    "written t/s",
                    "each t/s",
                    "ms a step",
                    "of memory",
                    "of mul-adds",
                    "all t/s",
                    "engine t/s",
                    "engine/all");

    ArrayNode json() {
        ArrayNode array = Json.mapper().createArrayNode();
        rows.forEach(row -> array.add(row.json()));
        return array;
    }

    /// Prints a table in Markdown.
    void print(PrintWriter out) {
        out.printf(
                "%d tokens a prompt, %d written behind each; medians of %d%n%n",
                work.promptTokens(), work.generatedTokens(), work.repetitions());
        out.println("| " + String.join(" | ", HEADINGS) + " |");
        List<String> rule = new ArrayList<>();
        HEADINGS.forEach(heading -> rule.add("-".repeat(heading.length() - 1) + ":"));
        out.println("| " + String.join(" | ", rule) + " |");
        for (Row row : rows) {
            List<String> cells = cells(row);
            List<String> padded = new ArrayList<>();
            for (int i = 0; i < cells.size(); i++) {
                padded.add(
                        " ".repeat(Math.max(0, HEADINGS.get(i).length() - cells.get(i).length()))
                                + cells.get(i));
            }
            out.println("| " + String.join(" | ", padded) + " |");
        }
    }

    private static List<String> cells(Row row) {
        boolean integers = row.cost().promptMultiplyAdds() > 0;
        return List.of(
                String.valueOf(row.sequenceCount()),
                number(row.prompt().median()),
                integers ? share(row.promptMultiplyAddShare()) : "-",
                number(row.written().median()),
                number(row.each()),
                number(row.stepMillis()),
                row.bandwidthShare().isPresent() ? share(row.bandwidthShare().getAsDouble()) : "-",
                integers ? share(row.multiplyAddShare()) : "-",
                number(row.model().median()),
                number(row.engine().median()),
                share(row.engineShare()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.0f %%", PERCENT * value);
    }
}
