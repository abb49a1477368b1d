package autark.cli;

import autark.engine.Engine;
import autark.engine.Json;
import autark.model.file.Gguf;
import autark.model.file.GgufTokenizer;
import autark.text.template.ChatTemplate;
import autark.text.token.Tokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/// `autark inspect prompt`: a conversation to the text that the model reads.
@Command(
        name = "prompt",
        description = {
            "Renders a conversation with a chat template, byte for byte.",
            "The file holds an object with \"messages\", and further template variables such as"
                    + " \"tools\", \"add_generation_prompt\", \"enable_thinking\". \"bos_token\""
                    + " and \"eos_token\" are the model's unless given; \"now\" is the time that"
                    + " templates see (2026-01-31T12:00:00)."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark inspect prompt smollm2:135m --input conversation.json",
            "  autark inspect prompt --template chat.jinja --input conversation.json",
        })
final class InspectPromptCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "MODEL",
            description = "A name in the store or a file.")
    private @Nullable ModelArgument model;

    @Option(
            names = "--template",
            paramLabel = "FILE",
            description = "A chat template instead of a model's.")
    private @Nullable Path template;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "The conversation, a JSON object.")
    private Path input;

    @Override
    public Integer call() throws IOException {
        Map<String, @Nullable Object> variables = variables();
        LocalDateTime now = now(variables.remove("now"));
        ChatTemplate parsed = template(variables);
        PrintWriter out = spec.commandLine().getOut();
        out.print(parsed.render(variables, now));
        out.flush();
        return ExitCode.OK;
    }

    private ChatTemplate template(Map<String, @Nullable Object> variables) throws IOException {
        if (model != null && template == null) {
            return modelTemplate(model, variables);
        }
        if (model == null && template != null) {
            return ChatTemplate.parse(text(template));
        }
        throw new ParameterException(
                spec.commandLine(), "expected a model or --template FILE, one of them");
    }

    private Map<String, @Nullable Object> variables() throws IOException {
        try {
            return Json.mapper().readValue(text(input), new TypeReference<>() {});
        } catch (JacksonException e) {
            throw new CommandException(
                    "%s: expected a JSON object: %s".formatted(input, e.getOriginalMessage()));
        }
    }

    private static LocalDateTime now(@Nullable Object given) {
        if (given == null) {
            return LocalDateTime.now(ZoneId.systemDefault());
        }
        try {
            return LocalDateTime.parse(given.toString(), DateTimeFormatter.ISO_DATE_TIME);
        } catch (DateTimeException e) {
            throw new CommandException(
                    "now: found %s, expected a time like 2026-01-31T12:00:00".formatted(given));
        }
    }

    /// The template of a model. Names of tokens that the input does not give are the model's.
    private static ChatTemplate modelTemplate(
            ModelArgument model, Map<String, @Nullable Object> variables) {
        try (Gguf file = Gguf.open(model.file())) {
            GgufTokenizer.spec(file)
                    .map(Tokenizer::of)
                    .ifPresent(tokenizer -> {
                        addToken(variables, "bos_token", tokenizer, tokenizer.beginOfSequence());
                        addToken(variables, "eos_token", tokenizer, tokenizer.endOfSequence());
                    });
            return file.metadata()
                    .optionalString(Engine.TEMPLATE_KEY)
                    .map(ChatTemplate::parse)
                    .orElseThrow(() ->
                            new CommandException(
                                    model.text() + " has no chat template; give one: --template"));
        }
    }

    private static void addToken(
            Map<String, @Nullable Object> variables,
            String name,
            Tokenizer tokenizer,
            OptionalInt token) {
        token.ifPresent(id -> variables.putIfAbsent(name, tokenizer.piece(id)));
    }

    private static String text(Path file) throws IOException {
        return Streams.text(Files.readAllBytes(file), file.toString());
    }
}
