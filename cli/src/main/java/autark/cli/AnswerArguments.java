package autark.cli;

import autark.engine.Engine;
import autark.engine.EngineException;
import autark.engine.Json;
import autark.engine.Prompt;
import autark.engine.Request;
import autark.engine.Stop;
import autark.engine.Thinking;
import autark.engine.sample.Sampling;
import autark.text.template.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;

/// What an answer is to be like.
final class AnswerArguments {
    /// Random seeds are short enough to be typed again.
    private static final int SEED_BOUND = 1_000_000_000;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--system",
            paramLabel = "TEXT",
            description = "The system message: what the model is to be.")
    private @Nullable String system;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "A variable of the chat template, for instance enable_thinking=false.")
    private Map<String, String> variables = new LinkedHashMap<>();

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Most tokens to write (default: as many as the context holds).")
    private @Nullable Integer maxTokens;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "Ends the answer where this text would come; may be repeated.")
    private List<String> stop = new ArrayList<>();

    @Option(
            names = "--thinking-budget",
            paramLabel = "N",
            description = "Most tokens to think; then the model has to answer (default: no limit).")
    private @Nullable Integer thinkingBudget;

    @Mixin private FormatArguments format;
    @Mixin private SamplingArguments sampling;

    private final long randomSeed = new SplittableRandom().nextInt(SEED_BOUND);

    /// Whether something was given that only a chat template can honour.
    boolean needTemplate() {
        return system != null || !variables.isEmpty();
    }

    /// Finds values out of range before a model is there.
    ///
    /// @throws ParameterException if there is one
    /// @throws CommandException if the file of a format is no text
    void check() throws IOException {
        sampling.over(Sampling.standard(), randomSeed);
        limited(Request.of());
        format.format();
    }

    /// The request for an answer to these messages, behind the system message.
    ///
    /// @throws ParameterException if a value is out of range
    /// @throws CommandException if the file of a format is no text
    Request request(Engine engine, Message... messages) throws IOException {
        List<Message> all = new ArrayList<>();
        if (system != null) {
            all.add(Message.system(system));
        }
        all.addAll(List.of(messages));
        return request(engine, new Prompt.Messages(all, templateVariables()));
    }

    /// The request for an answer to this prompt.
    ///
    /// @throws ParameterException if a value is out of range
    /// @throws CommandException if the file of a format is no text
    Request request(Engine engine, Prompt prompt) throws IOException {
        Sampling wanted = sampling.over(engine.sampling(), randomSeed, engine.tokenizer());
        return limited(Request.of(prompt)).withSampling(wanted).withFormat(format.format());
    }

    private Request limited(Request request) {
        try {
            Stop end = new Stop(maxTokens == null ? Stop.UNLIMITED : maxTokens, stop, Set.of());
            Thinking thinking =
                    thinkingBudget == null ? Thinking.unlimited() : new Thinking(thinkingBudget);
            return request.withStop(end).withThinking(thinking);
        } catch (EngineException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /// Values are JSON where they can be, else text.
    private Map<String, @Nullable Object> templateVariables() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        variables.forEach((name, text) -> {
            try {
                values.put(name, Json.mapper().readValue(text, Object.class));
            } catch (JacksonException e) {
                values.put(name, text);
            }
        });
        return values;
    }
}
