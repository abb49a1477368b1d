package autark.server.ollama;

import autark.server.http.ApiException;
import autark.server.http.Fields;
import autark.text.template.Message;
import autark.text.template.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The conversation of a request. Calls need not have names of their own here: a result without one
/// belongs to the first call of its tool that has none yet, and one that does not name its tool to
/// the first call at all.
final class ChatTurns {
    private static final int MESSAGES_MAX = 4096;
    private static final int CALLS_MAX = 1024;

    private final List<Message> messages = new ArrayList<>();
    private final List<ToolCall> open = new ArrayList<>();
    private int calls;

    private ChatTurns() {}

    /// The messages of a body; none if it only loads the model.
    ///
    /// @throws ApiException if something in them cannot be honoured
    static List<Message> read(Fields body) {
        ChatTurns turns = new ChatTurns();
        body.objects("messages", MESSAGES_MAX).forEach(turns::add);
        return turns.messages;
    }

    private void add(Fields message) {
        String role =
                message.word("role", Set.of("system", "user", "assistant", "tool"))
                        .orElseThrow(() -> message.missing("role"));
        String content = message.text("content").orElse("");
        refuseImages(message);
        messages.add(
                switch (role) {
                    case "system" -> Message.system(content);
                    case "assistant" ->
                            Message.assistant(
                                    content, message.text("thinking").orElse(""), calls(message));
                    case "tool" -> result(message, content);
                    default -> Message.user(content);
                });
        message.end();
    }

    /// @throws ApiException if there is an image
    static void refuseImages(Fields holder) {
        if (!holder.array("images", MESSAGES_MAX).isEmpty()) {
            throw holder.invalid("images", "are not supported: models here read text alone");
        }
    }

    private List<ToolCall> calls(Fields message) {
        List<ToolCall> read = new ArrayList<>();
        for (Fields call : message.objects("tool_calls", CALLS_MAX)) {
            call.word("type", Set.of("function"));
            Fields function = call.object("function").orElseThrow(() -> call.missing("function"));
            function.integer("index", 0, Integer.MAX_VALUE);
            JsonNode arguments =
                    function.any("arguments").orElseThrow(() -> function.missing("arguments"));
            String id = call.text("id").orElse("call_" + calls++);
            try {
                read.add(new ToolCall(id, function.requiredText("name"), arguments.toString()));
            } catch (IllegalArgumentException e) {
                throw call.invalid("function", String.valueOf(e.getMessage()));
            }
            function.end();
            call.end();
        }
        open.addAll(read);
        return read;
    }

    private Message result(Fields message, String content) {
        Optional<String> id = message.text("tool_call_id");
        Optional<String> name = message.text("tool_name");
        ToolCall answered =
                open.stream()
                        .filter(call -> id.isEmpty() || id.get().equals(call.id()))
                        .filter(call -> name.isEmpty() || name.get().equals(call.name()))
                        .findFirst()
                        .orElseThrow(() ->
                                message.invalid(
                                        id.isPresent() ? "tool_call_id" : "tool_name",
                                        "expected that of a call before it"));
        open.remove(answered);
        return Message.toolResult(answered.id(), answered.name(), content);
    }
}
