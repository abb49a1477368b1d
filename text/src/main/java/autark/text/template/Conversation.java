package autark.text.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a prompt is rendered from: the messages, and how the model writes texts.
///
/// @param messages oldest first
/// @param variables further template variables, `enable_thinking` for instance; they cannot replace
///   what the other components set
/// @param beginToken text of the begin-of-sequence token, empty if there is none
/// @param endToken text of the end-of-sequence token, empty if there is none
public record Conversation(
        List<Message> messages, Map<String, ?> variables, String beginToken, String endToken) {
    /// Names that a request cannot set: it would replace the conversation itself.
    private static final Set<String> RESERVED =
            Set.of("messages", "add_generation_prompt", "bos_token", "eos_token");

    /// Copies the messages and refuses reserved variables.
    ///
    /// @throws TemplateException if a variable has a reserved name
    public Conversation {
        messages = List.copyOf(messages);
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

    /// All variables as [ChatTemplate] reads them; the prompt ends where the assistant begins.
    Map<String, Object> allVariables() {
        Map<String, Object> all = new LinkedHashMap<>(variables);
        all.put("messages", messages);
        all.put("add_generation_prompt", true);
        all.put("bos_token", beginToken);
        all.put("eos_token", endToken);
        return all;
    }
}
