package autark.text.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One message of a conversation.
///
/// @param role `system`, `user`, `assistant` or `tool`; a template may know others
/// @param content the text; for an assistant the answer alone, without thinking, calls and their
///   tags
/// @param thinking what the assistant thought before it answered; empty if nothing
/// @param toolCalls what the assistant wants to be run
/// @param toolCallId of a tool's result: the call that it belongs to; else empty
/// @param name of a tool's result: the tool; else empty
public record Message(
        String role,
        String content,
        String thinking,
        List<ToolCall> toolCalls,
        String toolCallId,
        String name) {
    public Message {
        toolCalls = List.copyOf(toolCalls);
    }

    /// A message that sets the model's behaviour.
    public static Message system(String content) {
        return plain("system", content);
    }

    /// What the user said.
    public static Message user(String content) {
        return plain("user", content);
    }

    private static Message plain(String role, String content) {
        return new Message(role, content, "", List.of(), "", "");
    }

    /// What the model answered, and what it thought before.
    public static Message assistant(String content, String thinking) {
        return assistant(content, thinking, List.of());
    }

    /// What the model answered, what it thought before, and which tools it called at the end.
    public static Message assistant(String content, String thinking, List<ToolCall> toolCalls) {
        return new Message("assistant", content, thinking, toolCalls, "", "");
    }

    /// What a tool gave back.
    ///
    /// @param toolCallId the id of the call
    /// @param name the tool; may be empty
    public static Message toolResult(String toolCallId, String name, String content) {
        return new Message("tool", content, "", List.of(), toolCallId, name);
    }

    /// The message as templates read it: `role`, `content` and, where there is something in them,
    /// `reasoning_content`, `tool_calls`, `tool_call_id` and `name`. The template decides which
    /// earlier thinking stays in the prompt.
    public Map<String, Object> variables() {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("role", role);
        variables.put("content", content);
        if (!thinking.isEmpty()) {
            variables.put("reasoning_content", thinking);
        }
        if (!toolCalls.isEmpty()) {
            List<Object> calls = new ArrayList<>();
            toolCalls.forEach(call -> calls.add(variables(call)));
            variables.put("tool_calls", calls);
        }
        if (!toolCallId.isEmpty()) {
            variables.put("tool_call_id", toolCallId);
        }
        if (!name.isEmpty()) {
            variables.put("name", name);
        }
        return variables;
    }

    private static Map<String, Object> variables(ToolCall call) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", call.name());
        function.put("arguments", JsonText.object("arguments", call.arguments()));
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("id", call.id());
        variables.put("type", "function");
        variables.put("function", function);
        return variables;
    }
}
