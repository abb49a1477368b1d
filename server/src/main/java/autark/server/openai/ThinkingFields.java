package autark.server.openai;

import autark.engine.Engine;
import autark.engine.Thinking;
import autark.server.desk.ThinkingWish;
import autark.server.http.ApiException;
import autark.server.http.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Reads how long a model shall think.
///
/// An effort is a [ThinkingWish].
///
/// @param thinking the limit
/// @param variables for the chat template
record ThinkingFields(Thinking thinking, Map<String, Object> variables) {
    private static final String EFFORT = "reasoning_effort";
    private static final String NONE = "none";

    /// Variables that change how a conversation is shown to the model, and nothing else.
    private static final Set<String> VARIABLES =
            Set.of("enable_thinking", "thinking", EFFORT, "clear_thinking", "preserve_thinking");

    /// Reads `reasoning_effort` and the fields of other servers.
    ///
    /// @throws ApiException if one cannot be honoured
    static ThinkingFields read(Fields body, Engine engine) {
        return read(body, body, EFFORT, engine);
    }

    /// Reads the effort from a field of an object of its own, the others from the body.
    static ThinkingFields read(Fields body, Fields holder, String name, Engine engine) {
        Map<String, Object> variables = new LinkedHashMap<>();
        Thinking thinking = Thinking.unlimited();
        Optional<String> effort = holder.word(name, words());
        if (effort.isPresent()) {
            ThinkingWish wish =
                    effort.get().equals(NONE)
                            ? new ThinkingWish.Off()
                            : new ThinkingWish.Effort(effort.get());
            ThinkingWish.Terms terms = wish.terms(engine, holder.path(name));
            thinking = terms.thinking();
            variables.putAll(terms.variables());
        }
        OptionalInt budget = body.integer("thinking_budget", 0, Integer.MAX_VALUE);
        if (budget.isPresent()) {
            if (!engine.thinks()) {
                throw unsupported(body, "thinking_budget");
            }
            thinking = new Thinking(budget.getAsInt());
        }
        body.object("chat_template_kwargs").ifPresent(kwargs -> add(kwargs, engine, variables));
        return new ThinkingFields(thinking, variables);
    }

    private static Set<String> words() {
        Set<String> words = new TreeSet<>(ThinkingWish.EFFORTS.keySet());
        words.add(NONE);
        return words;
    }

    private static ApiException unsupported(Fields body, String name) {
        return body.invalid(name, "is not supported: this model has no thinking to limit")
                .withCode("unsupported_parameter");
    }

    private static void add(Fields kwargs, Engine engine, Map<String, Object> variables) {
        for (String name : kwargs.names()) {
            if (!VARIABLES.contains(name)) {
                throw kwargs.invalid(
                                name,
                                "is not supported: expected some of "
                                        + VARIABLES.stream().sorted().toList())
                        .withCode("unsupported_parameter");
            }
            if (!engine.templateVariables().contains(name)) {
                throw kwargs.invalid(name, "the chat template of the model does not read it")
                        .withCode("unsupported_parameter");
            }
            if (variables.put(name, value(kwargs, name)) != null) {
                throw kwargs.invalid(name, "found it beside an effort, expected one of them");
            }
        }
    }

    private static Object value(Fields kwargs, String name) {
        JsonNode value = kwargs.any(name).orElseThrow(() -> kwargs.missing(name));
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        return kwargs.requiredText(name);
    }
}
