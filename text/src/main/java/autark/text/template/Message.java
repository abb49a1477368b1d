package autark.text.template;

import java.util.LinkedHashMap;
import java.util.Map;

/// One message of a conversation.
///
/// @param role `system`, `user` or `assistant`; a template may know others
/// @param content the text; for an assistant the answer alone, without thinking and its tags
/// @param thinking what the assistant thought before it answered; empty if nothing
public record Message(String role, String content, String thinking) {
    /// A message that sets the model's behaviour.
    public static Message system(String content) {
        return new Message("system", content, "");
    }

    /// What the user said.
    public static Message user(String content) {
        return new Message("user", content, "");
    }

    /// What the model answered, and what it thought before.
    public static Message assistant(String content, String thinking) {
        return new Message("assistant", content, thinking);
    }

    /// The message as templates read it: `role`, `content` and, where there was thinking,
    /// `reasoning_content`. The template decides which earlier thinking stays in the prompt.
    public Map<String, Object> variables() {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("role", role);
        variables.put("content", content);
        if (!thinking.isEmpty()) {
            variables.put("reasoning_content", thinking);
        }
        return variables;
    }
}
