package autark.cli;

import java.io.PrintWriter;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `autark usage`: what was used, and what it has cost.
@Command(
        name = "usage",
        description = {
            "Sums up the ledger of the server: answers, tokens, seconds, joules, money.",
            "Seconds are those of the machine; days are days in UTC."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark usage",
            "  autark usage --by day --since 2026-11-01 --format csv",
        })
final class UsageCommand implements Callable<Integer> {
    private static final List<String> COLUMNS =
            List.of(
                    "answers",
                    "prompt_tokens",
                    "cached_tokens",
                    "written_tokens",
                    "seconds",
                    "joules",
                    "cost",
                    "currency");
    private static final String ROW = "%-20s %9s %13s %13s %14s %12s %12s %s%n";

    private final ServerBooks books;

    @Spec private CommandSpec spec;

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            defaultValue = "key",
            description = "A row for each: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Group by;

    @Option(names = "--since", paramLabel = "DAY", description = "The first day, as 2026-11-01.")
    private @Nullable LocalDate since;

    @Option(names = "--until", paramLabel = "DAY", description = "The last day.")
    private @Nullable LocalDate until;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format;

    /// What a row stands for. Named as users write it.
    enum Group {
        key,
        model,
        day,
        tenant
    }

    /// How rows are printed. Named as users write it.
    enum Format {
        table,
        csv,
        json
    }

    UsageCommand(ServerBooks books) {
        this.books = books;
    }

    @Override
    public Integer call() {
        ObjectNode request = books.request("usage").put("by", by.name());
        if (since != null) {
            request.put("since", since.toString());
        }
        if (until != null) {
            request.put("until", until.toString());
        }
        JsonNode report = books.ask(request);
        PrintWriter out = spec.commandLine().getOut();
        switch (format) {
            case table -> printTable(report, out);
            case csv -> printCsv(report.get("rows"), out);
            case json -> out.println(report.toPrettyString());
        }
        return ExitCode.OK;
    }

    private void printTable(JsonNode report, PrintWriter out) {
        out.printf(
                ROW,
                by.name().toUpperCase(Locale.ROOT),
                "ANSWERS",
                "PROMPT TOKENS",
                "OF THEM KNOWN",
                "WRITTEN TOKENS",
                "SECONDS",
                "JOULES",
                "COST");
        for (JsonNode row : report.get("rows")) {
            out.printf(
                    ROW,
                    ServerBooks.printable(row.get("name").asString()),
                    row.get("answers").asString(),
                    row.get("prompt_tokens").asString(),
                    row.get("cached_tokens").asString(),
                    row.get("written_tokens").asString(),
                    shortened(row.get("seconds").asString()),
                    shortened(row.get("joules").asString()),
                    cost(row));
        }
        int damaged = report.get("damaged_entries").asInt();
        if (damaged > 0) {
            spec.commandLine()
                    .getErr()
                    .printf("autark: %d entries are damaged and not in the sums%n", damaged);
        }
        for (JsonNode source : report.get("energy")) {
            out.println("Joules are " + source.asString() + ".");
        }
    }

    private static String cost(JsonNode row) {
        String currency = row.get("currency").asString();
        return currency.isEmpty() ? "" : row.get("cost").asString() + " " + currency;
    }

    private static String shortened(String number) {
        return String.format(Locale.ROOT, "%.1f", Double.parseDouble(number));
    }

    private void printCsv(JsonNode rows, PrintWriter out) {
        out.println(by.name() + "," + String.join(",", COLUMNS));
        for (JsonNode row : rows) {
            out.println(
                    quoted(row.get("name").asString())
                            + ","
                            + COLUMNS.stream()
                                    .map(column -> quoted(row.get(column).asString()))
                                    .collect(Collectors.joining(",")));
        }
    }

    /// A field as RFC 4180 has it. What a table program would take for a formula is text.
    private static String quoted(String field) {
        boolean formula = !field.isEmpty() && "=+-@\t\r".indexOf(field.charAt(0)) >= 0;
        String text = formula ? "'" + field : field;
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }
}
