package autark.server.desk;

import autark.engine.Engine;
import autark.engine.Prompt;
import autark.engine.Request;
import autark.engine.Thinking;
import autark.server.http.ApiException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a client wants of a model's thinking, whatever its dialect calls it. Models are told by
/// variables of their chat templates, which have no common name.
public sealed interface ThinkingWish {
    /// Variables by which templates let thinking be turned on and off.
    List<String> SWITCHES = List.of("enable_thinking", "thinking");

    /// The variable by which templates let its amount be chosen.
    String LEVEL = "reasoning_effort";

    /// No thinking. Of a model that cannot be told so, it is closed as soon as it begins.
    record Off() implements ThinkingWish {}

    /// Thinking, of a model that can.
    ///
    /// @param maxTokens most tokens of it, [Thinking#UNLIMITED] for as many as the answer may have
    record On(int maxTokens) implements ThinkingWish {}

    /// As much thinking as a word says, one of [#EFFORTS]. A template that reads such a word gets
    /// it; and the thinking is bounded, where the model marks it.
    record Effort(String word) implements ThinkingWish {}

    /// Most tokens of thinking by effort.
    Map<String, Integer> EFFORTS =
            Map.of(
                    "minimal",
                    512,
                    "low",
                    2048,
                    "medium",
                    8192,
                    "high",
                    Thinking.UNLIMITED,
                    "xhigh",
                    Thinking.UNLIMITED,
                    "max",
                    Thinking.UNLIMITED);

    /// The words of templates for those that they do not know.
    Map<String, String> LEVELS = Map.of("minimal", "low", "xhigh", "high", "max", "high");

    /// Whether a model thinks.
    static boolean isKnownBy(Engine engine) {
        return engine.thinks() || engine.templateVariables().contains(LEVEL);
    }

    /// The request with this wish.
    ///
    /// @param field where the client has it from, for the refusal
    /// @throws ApiException if the model cannot do it
    default Request of(Request request, Engine engine, String field) {
        Set<String> variables = engine.templateVariables();
        boolean known = isKnownBy(engine) && request.prompt() instanceof Prompt.Messages;
        return switch (this) {
            case Off _ ->
                    known
                            ? switched(request, variables, false).withThinking(new Thinking(0))
                            : request;
            case On(int maxTokens) -> {
                if (!known) {
                    throw ApiException.field(field, field + ": the model does not think");
                }
                yield switched(request, variables, true).withThinking(new Thinking(maxTokens));
            }
            case Effort(String word) -> {
                int most = EFFORTS.getOrDefault(word, Thinking.UNLIMITED);
                Request on = new On(most).of(request, engine, field);
                yield variables.contains(LEVEL)
                        ? with(on, Map.of(LEVEL, LEVELS.getOrDefault(word, word)))
                        : on;
            }
        };
    }

    private static Request switched(Request request, Set<String> variables, boolean on) {
        Map<String, Object> values = new LinkedHashMap<>();
        SWITCHES.stream().filter(variables::contains).forEach(name -> values.put(name, on));
        return with(request, values);
    }

    private static Request with(Request request, Map<String, ?> values) {
        if (!(request.prompt() instanceof Prompt.Messages(var messages, var before))) {
            return request;
        }
        Map<String, Object> all = new LinkedHashMap<>(before);
        all.putAll(values);
        return request.withPrompt(new Prompt.Messages(messages, all));
    }
}
