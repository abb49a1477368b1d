package autark.text.template;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts the tools, calls and results of a conversation into the form that a template understands;
/// what it has no place for becomes text of other messages.
final class Adaptation {
    private static final int NINE = 9;
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// What a model is told whose template does not tell it of tools.
    private static final String INSTRUCTIONS =
            """
            # Tools

            You may call functions to help with the user's request. These are the functions, one \
            a line, in JSON:
            <tools>
            {% for tool in tools %}{{ tool | tojson }}
            {% endfor %}</tools>

            To call a function, write in exactly this form, with the name of the function for NAME \
            and a JSON object for ARGUMENTS:
            {{ form }}\
            """;

    private final Habits habits;
    private final CallFormat format;
    private final LocalDateTime now;

    /// @param now what `strftime_now` reads
    Adaptation(Habits habits, CallFormat format, LocalDateTime now) {
        this.habits = habits;
        this.format = format;
        this.now = now;
    }

    /// The messages as the template reads them.
    List<Map<String, Object>> messages(Conversation conversation) {
        List<Message> messages = textInsteadOfCalls(conversation.messages());
        if (habits.calls().isPresent() && !habits.calls().get().several()) {
            messages = oneCallEach(messages);
        }
        if (!habits.showsTools() && !conversation.tools().isEmpty()) {
            messages = withInstructions(messages, conversation.tools());
        }
        if (format == CallFormat.HARMONY) {
            messages = messages.stream().map(Adaptation::thoughtsBeforeCalls).toList();
        }
        return messages.stream().map(message -> variables(message, habits.calls())).toList();
    }

    private List<Message> textInsteadOfCalls(List<Message> messages) {
        boolean resultsAsText = !habits.showsResults();
        List<Message> all = new ArrayList<>();
        boolean inResults = false;
        for (Message message : messages) {
            boolean result = message.role().equals("tool");
            if (result && resultsAsText) {
                String text = "<tool_response>\n" + message.content() + "\n</tool_response>";
                String before = inResults ? all.removeLast().content() + "\n" : "";
                all.add(Message.user(before + text));
            } else if (!message.toolCalls().isEmpty() && habits.calls().isEmpty()) {
                String before = message.content().isEmpty() ? "" : message.content() + "\n";
                all.add(
                        Message.assistant(
                                before + format.write(message.toolCalls()), message.thinking()));
            } else {
                all.add(message);
            }
            inResults = result;
        }
        return all;
    }

    /// Parts a message of several calls, each followed by its result.
    private static List<Message> oneCallEach(List<Message> messages) {
        List<Message> all = new ArrayList<>();
        for (int at = 0; at < messages.size(); at++) {
            Message message = messages.get(at);
            if (message.toolCalls().size() < 2) {
                all.add(message);
                continue;
            }
            List<Message> results = new ArrayList<>();
            while (at + 1 < messages.size() && messages.get(at + 1).role().equals("tool")) {
                results.add(messages.get(++at));
            }
            String content = message.content();
            String thinking = message.thinking();
            for (ToolCall call : message.toolCalls()) {
                all.add(Message.assistant(content, thinking, List.of(call)));
                results.stream()
                        .filter(result -> result.toolCallId().equals(call.id()))
                        .forEach(all::add);
                results.removeIf(result -> result.toolCallId().equals(call.id()));
                content = "";
                thinking = "";
            }
            all.addAll(results);
        }
        return all;
    }

    /// Where a call has content, the channel of thoughts holds it: there is one text for both.
    private static Message thoughtsBeforeCalls(Message message) {
        if (message.toolCalls().isEmpty() || message.thinking().isEmpty()) {
            return message;
        }
        String between = message.content().isEmpty() ? "" : "\n\n";
        return Message.assistant(
                message.thinking() + between + message.content(), "", message.toolCalls());
    }

    private List<Message> withInstructions(List<Message> messages, List<Tool> tools) {
        String text = instructions(tools);
        String role = habits.takesSystem() ? "system" : "user";
        List<Message> all = new ArrayList<>(messages);
        if (!messages.isEmpty() && messages.getFirst().role().equals(role)) {
            Message first = all.removeFirst();
            all.addFirst(
                    habits.takesSystem()
                            ? Message.system(first.content() + "\n\n" + text)
                            : Message.user(text + "\n\n" + first.content()));
        } else {
            all.addFirst(habits.takesSystem() ? Message.system(text) : Message.user(text));
        }
        return all;
    }

    /// Tells a model of tools whose template does not.
    private String instructions(List<Tool> tools) {
        String form =
                format.openings().getFirst().text()
                        + format.head("NAME")
                        + "ARGUMENTS"
                        + format.tail()
                        + format.closing();
        Map<String, Object> variables =
                Map.of("tools", tools.stream().map(Tool::variables).toList(), "form", form);
        return ChatTemplate.parse(INSTRUCTIONS).render(variables, now);
    }

    /// A message as the template reads it.
    static Map<String, Object> variables(Message message, Optional<Habits.Calls> calls) {
        Map<String, Object> variables = new LinkedHashMap<>(message.variables());
        if (calls.isEmpty()) {
            return variables;
        }
        Habits.Calls form = calls.get();
        if (!message.toolCalls().isEmpty()) {
            variables.put("tool_calls", calls(message.toolCalls(), form));
            if (message.content().isEmpty()) {
                putEmpty(variables, form.emptyContent());
            }
        }
        if (!message.toolCallId().isEmpty()) {
            variables.put("tool_call_id", id(message.toolCallId(), form.ids()));
        }
        return variables;
    }

    // Templates know null as none, and maps of them hold it.
    @SuppressWarnings("NullAway")
    private static void putEmpty(Map<String, Object> variables, Habits.EmptyContent empty) {
        variables.put("content", empty == Habits.EmptyContent.NONE ? null : "");
    }

    private static List<Object> calls(List<ToolCall> calls, Habits.Calls form) {
        List<Object> all = new ArrayList<>();
        for (ToolCall call : calls) {
            Map<String, Object> function = new LinkedHashMap<>();
            function.put("name", call.name());
            function.put(
                    "arguments",
                    form.arguments() == Habits.Arguments.TEXT
                            ? call.arguments()
                            : JsonText.object("arguments", call.arguments()));
            Map<String, Object> variables = new LinkedHashMap<>();
            variables.put("id", id(call.id(), form.ids()));
            variables.put("type", "function");
            variables.put("function", function);
            all.add(variables);
        }
        return all;
    }

    /// The id that the template takes; a long one is replaced by one that depends on it alone, so
    /// that a call and its result still agree.
    private static String id(String given, Habits.Ids ids) {
        boolean fits = given.length() == NINE && given.chars().allMatch(Character::isLetterOrDigit);
        if (ids == Habits.Ids.AS_GIVEN || fits) {
            return given;
        }
        long hash = 0xCBF29CE484222325L; // FNV-1a
        for (int i = 0; i < given.length(); i++) {
            hash = (hash ^ given.charAt(i)) * 0x100000001B3L;
        }
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < NINE; i++) {
            id.append(DIGITS.charAt((int) Long.remainderUnsigned(hash, DIGITS.length())));
            hash = Long.divideUnsigned(hash, DIGITS.length());
        }
        return id.toString();
    }
}
