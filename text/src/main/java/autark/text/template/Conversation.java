package autark.text.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a prompt is rendered from: the messages, and how the model writes texts.
///
/// @param messages oldest first
/// @param tools what the model may call
/// @param variables further template variables, `enable_thinking` for instance; they cannot replace
///   what the other components set
/// @param beginToken text of the begin-of-sequence token, empty if there is none
/// @param endToken text of the end-of-sequence token, empty if there is none
public record Conversation(
        List<Message> messages,
        List<Tool> tools,
        Map<String, ?> variables,
        String beginToken,
        String endToken) {
    /// Names that a request cannot set: it would replace the conversation itself.
    private static final Set<String> RESERVED =
            Set.of("messages", "tools", "add_generation_prompt", "bos_token", "eos_token");

    /// Copies the messages and refuses reserved variables.
    ///
    /// @throws TemplateException if a variable has a reserved name
    public Conversation {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        for (String name : variables.keySet()) {
            if (RESERVED.contains(name)) {
                throw new TemplateException(
                        TemplateException.Kind.RENDER,
                        0,
                        "template variable '"
                                + name
                                + "' is reserved: it comes from the"
                                + " conversation; use another name");
            }
        }
    }

    /// Whether there is anything in it that templates treat in ways of their own.
    boolean usesTools() {
        return !tools.isEmpty()
                || messages.stream()
                        .anyMatch(message ->
                                !message.toolCalls().isEmpty() || message.role().equals("tool"));
    }

    /// All variables as [ChatTemplate] reads them; the prompt ends where the assistant begins.
    ///
    /// @param adapted the messages as the template takes them
    /// @param showsTools whether it takes the tools as they are
    Map<String, Object> allVariables(List<Map<String, Object>> adapted, boolean showsTools) {
        Map<String, Object> all = new LinkedHashMap<>(variables);
        all.put("messages", adapted);
        if (showsTools && !tools.isEmpty()) {
            all.put("tools", tools.stream().map(Tool::variables).toList());
        }
        all.put("add_generation_prompt", true);
        all.put("bos_token", beginToken);
        all.put("eos_token", endToken);
        return all;
    }
}
