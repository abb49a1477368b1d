package autark.cli;

import autark.engine.Chat;
import autark.engine.Engine;
import autark.engine.EngineException;
import autark.engine.EngineOptions;
import autark.engine.Request;
import autark.engine.TokenStream;
import autark.engine.sample.Sampling;
import autark.text.parse.Segment;
import autark.text.template.TemplateException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `autark chat`: a conversation, a line a message.
@Command(
        name = "chat",
        description = {
            "Holds a conversation; each line is a message.",
            "Ctrl-C stops an answer, Ctrl-D or /bye ends the conversation."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark chat",
            "  autark chat -m model.gguf --system \"You are a patient teacher.\"",
        })
final class ChatCommand implements Callable<Integer> {
    private static final String PROMPT = ">>> ";
    private static final String HELP =
            """
            /clear   forget what was said
            /help    show this help
            /bye     end, as Ctrl-D does
            Ctrl-C   stop the answer
            """;

    /// One that is written, and one that was stopped and has not noticed yet.
    private static final int ANSWERS = 2;

    private final Models models;
    private final Streams streams;

    /// The answer that is being written, for Ctrl-C.
    private final AtomicReference<Optional<TokenStream>> current =
            new AtomicReference<>(Optional.empty());

    @Spec private CommandSpec spec;
    @Mixin private ModelArguments model;
    @Mixin private AnswerArguments answer;
    @Mixin private PrefixArguments prefixes;
    @Mixin private ViewArguments view;

    ChatCommand(Models models, Streams streams) {
        this.models = models;
        this.streams = streams;
    }

    /// A conversation and what is told of it.
    private record Session(Chat chat, Sampling sampling, Duration load) {}

    @Override
    public Integer call() throws IOException {
        answer.check();
        EngineOptions asked = model.options(ANSWERS);
        Path file = model.model().file();
        EngineOptions options =
                prefixes.over(
                        asked,
                        model.model().stored(),
                        models.environment(),
                        spec.commandLine().getErr());
        long start = System.nanoTime();
        try (Engine engine = Engine.open(file, options);
                Interrupt _ = Interrupt.calls(this::interrupt)) {
            Duration load = Duration.ofNanos(System.nanoTime() - start);
            if (!engine.hasChatTemplate()) {
                throw new CommandException(
                        model.model().text() + " has no chat template; give one: --template FILE");
            }
            Request settings = answer.request(engine);
            talk(new Session(Chat.start(engine, settings), settings.sampling(), load));
        }
        return ExitCode.OK;
    }

    private void talk(Session session) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(streams.input(), StandardCharsets.UTF_8));
        tell(model.model().text() + " is ready; /help lists the commands\n" + PROMPT);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            switch (line.strip()) {
                case "" -> {}
                case "/bye" -> {
                    return;
                }
                case "/clear" -> session.chat().clear();
                case "/help" -> tell(HELP);
                case String text when text.startsWith("/") ->
                        tell("no command " + text + "; /help lists them\n");
                default -> answer(session, line);
            }
            tell(PROMPT);
        }
        tell("\n");
    }

    private void answer(Session session, String message) {
        try (TokenStream stream = session.chat().send(message)) {
            current.set(Optional.of(stream));
            AnswerPrinter printer = view.printer(spec.commandLine().getOut(), streams);
            for (Segment piece : stream) {
                if (!printer.print(piece)) {
                    stream.cancel();
                }
            }
            printer.end();
            report(
                    new AnswerReport(
                            model.model().text(),
                            session.sampling(),
                            session.load(),
                            stream.result()));
        } catch (EngineException | TemplateException e) {
            if (!streams.inputIsTerminal()) {
                throw e;
            }
            tell("autark: " + ErrorText.of(e) + "\n");
        } finally {
            current.set(Optional.empty());
        }
    }

    private void report(AnswerReport report) {
        PrintWriter notes = spec.commandLine().getErr();
        if (view.verbose()) {
            report.printNumbers(notes);
        }
        report.printCutOff(notes);
    }

    private void interrupt() {
        Optional<TokenStream> stream = current.get();
        if (stream.isPresent()) {
            stream.get().cancel();
        } else {
            tell("\nCtrl-D or /bye ends\n" + PROMPT);
        }
    }

    /// Tells a person at a terminal something; nobody else needs it.
    private void tell(String text) {
        if (streams.inputIsTerminal()) {
            spec.commandLine().getErr().print(text);
            spec.commandLine().getErr().flush();
        }
    }
}
