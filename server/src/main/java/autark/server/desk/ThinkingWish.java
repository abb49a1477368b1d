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
/// variables of their chat templates, which have no common name; and where a model marks its
/// thinking, the engine bounds it.
public sealed interface ThinkingWish {
    /// Variables by which templates let thinking be turned on and off.
    List<String> SWITCHES = List.of("enable_thinking", "thinking");

    /// The variable by which templates let its amount be chosen.
    String LEVEL = "reasoning_effort";

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

    /// The words of templates for efforts that they do not know.
    Map<String, String> LEVELS = Map.of("minimal", "low", "xhigh", "high", "max", "high");

    /// No thinking. Of a model that cannot be told so, it is closed as soon as it begins.
    record Off() implements ThinkingWish {}

    /// Thinking, of a model that can.
    ///
    /// @param maxTokens most tokens of it, [Thinking#UNLIMITED] for as many as the answer may have
    record On(int maxTokens) implements ThinkingWish {}

    /// As much thinking as a word says.
    ///
    /// @param word one of [#EFFORTS]
    record Effort(String word) implements ThinkingWish {}

    /// What an engine is asked for a wish.
    ///
    /// @param variables of the chat template
    record Terms(Thinking thinking, Map<String, Object> variables) {
        public Terms {
            variables = Map.copyOf(variables);
        }
    }

    /// Whether a model thinks.
    static boolean isKnownBy(Engine engine) {
        return engine.thinks()
                || engine.templateVariables().contains(LEVEL)
                || SWITCHES.stream().anyMatch(engine.templateVariables()::contains);
    }

    /// What this engine has to be asked.
    ///
    /// @param field where the client has it from, for the refusal
    /// @throws ApiException if the model cannot do it
    default Terms terms(Engine engine, String field) {
        Set<String> read = engine.templateVariables();
        Map<String, Object> variables = new LinkedHashMap<>();
        boolean on = !(this instanceof Off);
        SWITCHES.stream().filter(read::contains).forEach(name -> variables.put(name, on));
        return switch (this) {
            case Off _ -> {
                if (variables.isEmpty() && !engine.thinks() && read.contains(LEVEL)) {
                    throw unsupported(field, "this model cannot be told not to think");
                }
                yield new Terms(new Thinking(0), variables);
            }
            case On(int maxTokens) -> {
                checkKnown(engine, field);
                yield new Terms(new Thinking(maxTokens), variables);
            }
            case Effort(String word) -> {
                checkKnown(engine, field);
                if (read.contains(LEVEL)) {
                    variables.put(LEVEL, LEVELS.getOrDefault(word, word));
                }
                int most = EFFORTS.getOrDefault(word, Thinking.UNLIMITED);
                yield new Terms(new Thinking(most), variables);
            }
        };
    }

    private static void checkKnown(Engine engine, String field) {
        if (!isKnownBy(engine)) {
            throw unsupported(field, "this model does not think");
        }
    }

    private static ApiException unsupported(String field, String why) {
        return ApiException.field(field, field + ": is not supported: " + why)
                .withCode("unsupported_parameter");
    }

    /// The request with this wish; a raw prompt says itself whether the model thinks.
    ///
    /// @param field where the client has it from, for the refusal
    /// @throws ApiException if the model cannot do it
    default Request of(Request request, Engine engine, String field) {
        if (!(request.prompt() instanceof Prompt.Messages(var messages, var before))) {
            if (this instanceof Off) {
                return request;
            }
            throw unsupported(field, "nothing is known of thinking in a raw prompt");
        }
        Terms terms = terms(engine, field);
        Map<String, Object> variables = new LinkedHashMap<>(before);
        variables.putAll(terms.variables());
        return request.withPrompt(new Prompt.Messages(messages, variables))
                .withThinking(terms.thinking());
    }
}
