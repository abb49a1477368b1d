package autark.cli;

import autark.engine.Engine;
import autark.engine.EngineOptions;
import autark.engine.FinishReason;
import autark.engine.Prompt;
import autark.engine.Request;
import autark.engine.Result;
import autark.engine.TokenStream;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
        })
final class RunCommand implements Callable<Integer> {
    /// As shells tell that Ctrl-C ended a program.
    static final int INTERRUPTED = 130;

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
        EngineOptions options = model.options();
        Path file = model.model().file();
        long start = System.nanoTime();
        try (Engine engine = Engine.open(file, options)) {
            Duration load = Duration.ofNanos(System.nanoTime() - start);
            Request request = request(prompt, engine);
            Result result = write(engine, request);
            AnswerReport report =
                    new AnswerReport(model.model().text(), request.sampling(), load, result);
            if (json) {
                spec.commandLine().getOut().println(report.json(sha256(file)));
            }
            if (view.verbose()) {
                report.printNumbers(notes);
            }
            report.printCutOff(notes);
            return result.finish() == FinishReason.CANCELLED ? INTERRUPTED : ExitCode.OK;
        }
    }

    /// Finds mistakes before a model is fetched or loaded.
    private void checkUsage() {
        if (raw && (model.hasTemplate() || answer.needTemplate())) {
            throw usage("--raw goes without a chat template: leave --template, --system and --set");
        }
        answer.check();
    }

    private Request request(String prompt, Engine engine) {
        if (raw) {
            return answer.request(engine, new Prompt.Text(prompt));
        }
        if (!engine.hasChatTemplate()) {
            throw new CommandException(
                    model.model().text()
                            + " has no chat template: give one (--template FILE), or let it"
                            + " continue the prompt as plain text (--raw)");
        }
        return answer.request(engine, Message.user(prompt));
    }

    private Result write(Engine engine, Request request) {
        try (TokenStream stream = engine.generate(request);
                Interrupt _ = Interrupt.calls(stream::cancel)) {
            if (!json) {
                AnswerPrinter printer = view.printer(spec.commandLine().getOut(), streams);
                for (Segment piece : stream) {
                    if (!printer.print(piece)) {
                        stream.cancel();
                    }
                }
                printer.end();
            }
            return stream.result();
        }
    }

    private String sha256(Path file) throws IOException {
        Optional<StoredModel> stored = model.model().stored();
        return (stored.isPresent() ? stored.get().sha256() : Sha256.ofFile(file)).hex();
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
