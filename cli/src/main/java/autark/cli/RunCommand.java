package autark.cli;

import autark.engine.Engine;
import autark.engine.EngineException;
import autark.engine.EngineOptions;
import autark.engine.FinishReason;
import autark.engine.Json;
import autark.engine.Prompt;
import autark.engine.Request;
import autark.engine.Result;
import autark.engine.Scoring;
import autark.engine.TokenStream;
import autark.engine.sample.Sampling;
import autark.engine.store.Sha256;
import autark.engine.store.StoredModel;
import autark.text.parse.Segment;
import autark.text.template.Message;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;

/// `autark run`: one answer.
@Command(
        name = "run",
        description = {
            "Answers one prompt.",
            "What is piped in follows the words of the prompt, or stands where the word - does."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark run \"Why is the sky blue?\"",
            "  git diff | autark run \"Explain this change:\"",
            "  autark run -m model.gguf --temperature 0 --json \"Why?\"",
            "  autark run --raw \"Once upon a time\" --max-tokens 50",
            "  autark run --pattern \"(yes|no)\" \"Is water wet?\"",
        })
final class RunCommand implements Callable<Integer> {
    /// As shells tell that Ctrl-C ended a program.
    static final int INTERRUPTED = 130;

    private static final String BREAK = System.lineSeparator();

    private final Streams streams;

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "PROMPT",
            arity = "0..*",
            description = "The prompt; its words are joined by spaces.")
    private List<String> words = new ArrayList<>();

    @Mixin private ModelArguments model;
    @Mixin private AnswerArguments answer;
    @Mixin private ViewArguments view;

    @Option(
            names = "--raw",
            description = "The model continues the prompt as it is, without a chat template.")
    private boolean raw;

    @Option(
            names = "--choices",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Answers to write, each with a seed of its own; with --json an array (default:"
                            + " ${DEFAULT-VALUE}).")
    private int choices;

    @Option(
            names = "--logprobs",
            paramLabel = "N",
            description =
                    "With --json: how likely the model held each token, and which N it held"
                            + " likeliest, 0 to 20.")
    private @Nullable Integer logprobs;

    @Option(names = "--json", description = "Write one JSON object when the answer has ended.")
    private boolean json;

    RunCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter notes = spec.commandLine().getErr();
        checkUsage();
        String prompt = PromptText.of(words, streams, notes);
        if (prompt.isEmpty()) {
            throw usage("no prompt: write one behind the options, or pipe it in");
        }
        EngineOptions options = model.options(choices);
        Path file = model.model().file();
        long start = System.nanoTime();
        try (Engine engine = Engine.open(file, options)) {
            Duration load = Duration.ofNanos(System.nanoTime() - start);
            Request request = request(prompt, engine);
            List<Result> results = write(engine, request);
            List<AnswerReport> reports = reports(request.sampling(), load, results);
            if (json) {
                spec.commandLine().getOut().println(json(reports, file, engine));
            }
            for (AnswerReport report : reports) {
                if (view.verbose()) {
                    report.printNumbers(notes);
                }
                report.printCutOff(notes);
            }
            boolean cancelled =
                    results.stream().anyMatch(result -> result.finish() == FinishReason.CANCELLED);
            return cancelled ? INTERRUPTED : ExitCode.OK;
        }
    }

    /// Answer number i has a seed larger by i.
    private List<AnswerReport> reports(Sampling sampling, Duration load, List<Result> results) {
        List<AnswerReport> reports = new ArrayList<>();
        for (Result result : results) {
            Sampling own = sampling.withSeed(sampling.seed() + reports.size());
            reports.add(new AnswerReport(model.model().text(), own, load, result));
        }
        return reports;
    }

    private String json(List<AnswerReport> reports, Path file, Engine engine) throws IOException {
        String sha256 = sha256(file);
        if (choices == 1) {
            return reports.getFirst().json(sha256, engine).toPrettyString();
        }
        ArrayNode array = Json.mapper().createArrayNode();
        reports.forEach(report -> array.add(report.json(sha256, engine)));
        return array.toPrettyString();
    }

    /// Finds mistakes before a model is fetched or loaded.
    private void checkUsage() throws IOException {
        if (raw && (model.hasTemplate() || answer.needTemplate())) {
            throw usage("--raw goes without a chat template: leave --template, --system and --set");
        }
        if (choices < 1 || choices > Engine.CHOICES_MAX) {
            throw usage(
                    "--choices: found %d, expected 1 to %d".formatted(choices, Engine.CHOICES_MAX));
        }
        if (logprobs != null && !json) {
            throw usage("--logprobs goes with --json");
        }
        scoring();
        answer.check();
    }

    private Scoring scoring() {
        try {
            return logprobs == null ? Scoring.none() : new Scoring(true, false, logprobs);
        } catch (EngineException e) {
            throw usage("--" + e.getMessage());
        }
    }

    private Request request(String prompt, Engine engine) throws IOException {
        if (raw) {
            return answer.request(engine, new Prompt.Text(prompt)).withScoring(scoring());
        }
        if (!engine.hasChatTemplate()) {
            throw new CommandException(
                    model.model().text()
                            + " has no chat template: give one (--template FILE), or let it"
                            + " continue the prompt as plain text (--raw)");
        }
        return answer.request(engine, Message.user(prompt)).withScoring(scoring());
    }

    /// The answers; unless they are wanted as JSON, they are printed one behind the other, the
    /// first as it comes.
    private List<Result> write(Engine engine, Request request) {
        List<TokenStream> streams = engine.generate(request, choices);
        try (Interrupt _ = Interrupt.calls(() -> streams.forEach(TokenStream::cancel))) {
            streams.stream().skip(1).forEach(TokenStream::skipPieces);
            if (!json) {
                print(streams);
            }
            return streams.stream().map(TokenStream::result).toList();
        } finally {
            streams.forEach(TokenStream::close);
        }
    }

    private void print(List<TokenStream> answers) {
        PrintWriter out = spec.commandLine().getOut();
        boolean read = true;
        for (int i = 0; i < choices && read; i++) {
            if (choices > 1) {
                out.printf("%s--- answer %d of %d ---%n", i > 0 ? BREAK : "", i + 1, choices);
            }
            AnswerPrinter printer = view.printer(out, streams);
            for (Segment piece : i == 0 ? answers.getFirst() : whole(answers.get(i).result())) {
                read = printer.print(piece);
                if (!read) {
                    answers.forEach(TokenStream::cancel);
                }
            }
            printer.end();
        }
    }

    private static List<Segment> whole(Result result) {
        return Stream.of(
                        new Segment(Segment.Kind.THINKING, result.thinking()),
                        new Segment(Segment.Kind.ANSWER, result.text()))
                .filter(segment -> !segment.text().isEmpty())
                .toList();
    }

    private String sha256(Path file) throws IOException {
        Optional<StoredModel> stored = model.model().stored();
        return (stored.isPresent() ? stored.get().sha256() : Sha256.ofFile(file)).hex();
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
