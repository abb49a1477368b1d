package autark.text.template;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What a chat template makes of tools, their calls and results; found out by rendering small
/// conversations, since templates tell in no other way.
///
/// @param takesSystem whether system messages get into the prompt
/// @param showsTools whether the variable `tools` does
/// @param calls how calls do; empty if they do not
/// @param showsResults whether messages of the role `tool` do
record Habits(
        boolean takesSystem, boolean showsTools, Optional<Calls> calls, boolean showsResults) {
    /// How calls get into the prompt.
    ///
    /// @param arguments their form
    /// @param emptyContent what stands for the content of a message that has none
    /// @param ids their length
    /// @param several whether one message may hold several
    record Calls(Arguments arguments, EmptyContent emptyContent, Ids ids, boolean several) {}

    enum Arguments {
        OBJECT,
        TEXT
    }

    enum EmptyContent {
        NONE,
        EMPTY_TEXT
    }

    enum Ids {
        AS_GIVEN,
        /// Nine letters and digits, which Mistral's templates insist on.
        NINE_CHARS
    }

    private static final String NEEDLE = "needle_kx7";
    private static final String KEY = "needle_key";
    private static final String CALLED = "called_kx7";
    private static final String CALLED_TOO = "called_too_kx7";
    private static final String RESULT = "result_kx7";
    private static final String ID = "call_0123456789";
    private static final String OTHER_ID = "call_0123456780";

    /// Renders small conversations.
    static Habits of(ChatTemplate template, LocalDateTime now) {
        Probe probe = new Probe(template, now);
        Message user = Message.user("Hi");
        boolean system =
                probe.shows(List.of(Message.system(NEEDLE).variables(), user.variables()), NEEDLE);
        boolean tools =
                probe.text(List.of(user.variables()), List.of(tool()))
                        .filter(text -> text.contains(NEEDLE))
                        .isPresent();
        Optional<Calls> calls = probe.calls();
        boolean results = probe.showsResults(calls);
        return new Habits(system, tools, calls, results);
    }

    private static Map<String, Object> tool() {
        String schema =
                """
                {"type": "object", "properties": {"%s": {"type": "string", "description": ""}}}
                """
                        .formatted(KEY);
        return new Tool(NEEDLE, "", schema, false).variables();
    }

    /// @param value stands nowhere but in this call
    private static ToolCall call(String id, String value) {
        return new ToolCall(id, NEEDLE, "{\"%s\": \"%s\"}".formatted(KEY, value));
    }

    /// Renders; a template that fails shows nothing.
    private record Probe(ChatTemplate template, LocalDateTime now) {
        Optional<String> text(List<Map<String, Object>> messages, List<Object> tools) {
            Map<String, Object> variables = new LinkedHashMap<>();
            variables.put("messages", messages);
            variables.put("add_generation_prompt", true);
            variables.put("bos_token", "");
            variables.put("eos_token", "");
            if (!tools.isEmpty()) {
                variables.put("tools", tools);
            }
            try {
                return Optional.of(template.render(variables, now));
            } catch (TemplateException e) {
                assert e.getMessage() != null;
                return Optional.empty();
            }
        }

        boolean shows(List<Map<String, Object>> messages, String needle) {
            return text(messages, List.of(tool())).filter(t -> t.contains(needle)).isPresent()
                    || text(messages, List.of()).filter(t -> t.contains(needle)).isPresent();
        }

        /// The first form that gets arguments into the prompt as JSON or by their parts, and not in
        /// Python's notation.
        Optional<Calls> calls() {
            return calls(true).or(() -> calls(false));
        }

        private Optional<Calls> calls(boolean withResults) {
            return Stream.of(Arguments.values())
                    .flatMap(arguments ->
                            Stream.of(EmptyContent.values())
                                    .flatMap(content ->
                                            Stream.of(Ids.values())
                                                    .map(ids ->
                                                            new Calls(
                                                                    arguments, content, ids,
                                                                    false))))
                    .filter(calls -> showsCalls(calls, 1, withResults))
                    .findFirst()
                    .map(calls ->
                            new Calls(
                                    calls.arguments(),
                                    calls.emptyContent(),
                                    calls.ids(),
                                    showsCalls(calls, 2, withResults)));
        }

        private boolean showsCalls(Calls calls, int count, boolean withResults) {
            List<ToolCall> all = List.of(call(ID, CALLED), call(OTHER_ID, CALLED_TOO));
            List<Message> messages = new ArrayList<>();
            messages.add(Message.user("Hi"));
            messages.add(Message.assistant("", "", all.subList(0, count)));
            if (withResults) {
                for (ToolCall call : all.subList(0, count)) {
                    messages.add(Message.toolResult(call.id(), call.name(), "{}"));
                }
            }
            List<Map<String, Object>> written =
                    messages.stream()
                            .map(message -> Adaptation.variables(message, Optional.of(calls)))
                            .toList();
            return text(written, List.of(tool()))
                    .filter(t -> count == 1 || t.contains(CALLED_TOO))
                    .filter(t -> t.contains(CALLED) && t.contains(KEY) && t.contains(NEEDLE))
                    .filter(t -> !t.contains("'" + KEY + "'") && !t.contains("None"))
                    .isPresent();
        }

        boolean showsResults(Optional<Calls> calls) {
            Message asking = Message.assistant("", "", List.of(call(ID, CALLED)));
            Message result = Message.toolResult(ID, NEEDLE, RESULT);
            return shows(
                    List.of(
                            Message.user("Hi").variables(),
                            Adaptation.variables(asking, calls),
                            Adaptation.variables(result, calls)),
                    RESULT);
        }
    }
}
