package autark.text.template;

import java.time.LocalDateTime;
import java.util.Map;
import java.util.Set;

/// A chat template: the Jinja text inside a model file that turns a conversation into a prompt.
/// Immutable and safe for use by many threads.
public final class ChatTemplate {
    private final String source;

    private ChatTemplate(String source) {
        this.source = source;
    }

    /// Reads a template.
    ///
    /// @throws TemplateException if the text is not valid
    public static ChatTemplate parse(String source) {
        return new ChatTemplate(source);
    }

    /// The text that was parsed.
    public String source() {
        return source;
    }

    /// Names that the template reads and does not define itself, the built-in functions apart: the
    /// variables that a caller can set with effect.
    public Set<String> variables() {
        return Set.of();
    }

    /// The prompt of these variables. Values are `Map` with text keys, `List`, `Message`, `String`,
    /// `Boolean`, `Integer`, `Long`, `Float`, `Double` and null, which stands for JSON's null and
    /// is Jinja's `none`; a variable that is absent is undefined. Usual names: `messages`, `tools`,
    /// `add_generation_prompt`, `bos_token`, `eos_token`.
    ///
    /// @param now what `strftime_now` reads
    /// @throws TemplateException if the template refuses the variables, fails, or exceeds a limit
    public String render(Map<String, ?> variables, LocalDateTime now) {
        if (source.isEmpty()) {
            return "";
        }
        throw new TemplateException(
                TemplateException.Kind.RENDER, 0, "rendering is not there yet: " + variables + now);
    }

    /// The prompt of a conversation.
    ///
    /// @throws TemplateException as the other form
    public String render(Conversation conversation, LocalDateTime now) {
        return render(conversation.allVariables(), now);
    }
}
