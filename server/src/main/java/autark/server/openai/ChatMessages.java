package autark.server.openai;

import autark.server.http.ApiException;
import autark.server.http.Fields;
import autark.text.template.Message;
import autark.text.template.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads the messages of a chat completion.
final class ChatMessages {
    private static final int MESSAGES_MAX = 4096;
    private static final int CALLS_MAX = 1024;

    /// The names of the tools that were called, by the id of the call.
    private final Map<String, String> called = new HashMap<>();

    private ChatMessages() {}

    /// @throws ApiException if a field cannot be honoured
    static List<Message> read(Fields body) {
        ChatMessages reader = new ChatMessages();
        List<Message> messages = new ArrayList<>();
        for (Fields message : body.objects("messages", MESSAGES_MAX)) {
            messages.add(reader.message(message));
            message.end();
        }
        if (messages.isEmpty()) {
            throw body.missing("messages");
        }
        return messages;
    }

    private Message message(Fields message) {
        String role =
                message.word("role", Set.of("system", "developer", "user", "assistant", "tool"))
                        .orElseThrow(() -> message.missing("role"));
        if (!role.equals("tool")) {
            message.refuse("name", "models are not told who speaks");
        }
        return switch (role) {
            case "user" -> Message.user(Texts.required(message, "content"));
            case "assistant" -> assistant(message);
            case "tool" -> result(message);
            default -> Message.system(Texts.required(message, "content"));
        };
    }

    private Message assistant(Fields message) {
        List<ToolCall> calls = new ArrayList<>();
        for (Fields call : message.objects("tool_calls", CALLS_MAX)) {
            calls.add(call(call));
        }
        message.refuse("refusal", "no model here writes one");
        message.refuse("audio", "there is no speech");
        message.refuse("function_call", "use tool_calls");
        message.array("annotations", 0);
        String content =
                calls.isEmpty() || message.has("content") ? Texts.required(message, "content") : "";
        return Message.assistant(content, thinking(message), calls);
    }

    /// What the model thought, under one of the names that servers have for it.
    private static String thinking(Fields message) {
        String thinking = message.text("reasoning_content").orElse("");
        String other = message.text("reasoning").orElse("");
        if (!thinking.isEmpty() && !other.isEmpty() && !thinking.equals(other)) {
            throw message.invalid("reasoning", "found another text than in reasoning_content");
        }
        return thinking.isEmpty() ? other : thinking;
    }

    private ToolCall call(Fields call) {
        String id = call.requiredText("id");
        call.word("type", Set.of("function"));
        call.integer("index", 0, CALLS_MAX);
        Fields function = call.object("function").orElseThrow(() -> call.missing("function"));
        String name = function.requiredText("name");
        String arguments = function.requiredText("arguments");
        function.end();
        call.end();
        called.put(id, name);
        return Checked.at(function, "arguments", () -> new ToolCall(id, name, arguments));
    }

    private Message result(Fields message) {
        String id = message.requiredText("tool_call_id");
        message.text("name");
        String name = called.get(id);
        if (name == null) {
            throw message.invalid(
                    "tool_call_id", "expected the id of a tool_call of a message before it");
        }
        return Message.toolResult(id, name, Texts.required(message, "content"));
    }
}
