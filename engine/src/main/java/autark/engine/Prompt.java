package autark.engine;

import autark.text.template.Message;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an answer follows.
public sealed interface Prompt {
    /// A conversation, which the model's chat template turns into text.
    ///
    /// @param messages oldest first
    /// @param variables further variables that the template reads, `enable_thinking` for instance;
    ///   null stands for Jinja's `none`
    record Messages(List<Message> messages, Map<String, ?> variables) implements Prompt {
        public Messages {
            messages = List.copyOf(messages);
            variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
        }
    }

    /// Text as the model shall read it, without a template. Names of control tokens in it become
    /// those tokens.
    record Text(String text) implements Prompt {}

    /// Token ids as the model shall read them; nothing is added.
    record Tokens(List<Integer> ids) implements Prompt {
        public Tokens {
            ids = List.copyOf(ids);
        }
    }
}
