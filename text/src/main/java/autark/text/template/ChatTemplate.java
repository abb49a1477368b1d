package autark.text.template;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A chat template: the Jinja text inside a model file that turns a conversation into a prompt.
/// Immutable and safe for use by many threads.
///
/// The language is the part of Jinja that chat templates are written in, with the settings and
/// additions that their authors test with: `trim_blocks`, `lstrip_blocks`, loop controls, `{%
/// generation %}`, `tojson` as Python's `json.dumps`, `strftime_now`, `raise_exception`, and values
/// that a template cannot change. Results equal those of Jinja2 to the letter.
///
/// A template is not trusted. It sees nothing but its variables and the closed set of functions in
/// this package; steps, memory, nesting and output are limited.
public final class ChatTemplate {
    private final String source;
    private final List<Statement> statements;
    private final Set<String> variables;

    /// Found out when it is first needed.
    private volatile @Nullable Habits habits;

    private ChatTemplate(String source, List<Statement> statements, Set<String> variables) {
        this.source = source;
        this.statements = statements;
        this.variables = variables;
    }

    /// Reads a template.
    ///
    /// @throws TemplateException if the text is not valid, too long or nested too deep
    public static ChatTemplate parse(String source) {
        if (source.length() > Limits.MAX_SOURCE_CHARS) {
            throw Limits.exceeded(
                    "a template may have "
                            + Limits.MAX_SOURCE_CHARS
                            + " characters, this one has "
                            + source.length());
        }
        StatementParser parser = new StatementParser(Lexer.tokens(source));
        List<Statement> statements = parser.template();
        return new ChatTemplate(source, statements, parser.freeNames());
    }

    /// The text that was parsed.
    public String source() {
        return source;
    }

    /// Names that the template reads before it sets them, the built-in functions apart: the
    /// variables that a caller can set with effect.
    public Set<String> variables() {
        return variables;
    }

    /// The prompt of these variables. Values are `Map` with text keys, `List`, [Message], `String`,
    /// `Boolean`, `Integer`, `Long`, `Float`, `Double` and null, which stands for JSON's null and
    /// is Jinja's `none`; a variable that is absent is undefined. Usual names: `messages`, `tools`,
    /// `add_generation_prompt`, `bos_token`, `eos_token`.
    ///
    /// @param now what `strftime_now` reads
    /// @throws TemplateException if a variable has the name of a built-in function or is of another
    ///   type, if the template refuses the variables, fails, or exceeds a limit
    public String render(Map<String, ?> variables, LocalDateTime now) {
        Rendering rendering = new Rendering(now);
        Scope scope = new Scope(rendering);
        for (Map.Entry<String, ?> entry : variables.entrySet()) {
            String name = entry.getKey();
            if (Function.named(name) instanceof Function) {
                throw TemplateException.render(
                        "variable '" + name + "' would hide the function of that name");
            }
            scope.set(name, Values.of(name, entry.getValue()));
        }
        TextBuilder prompt = new TextBuilder(rendering);
        try {
            Statement.runAll(statements, scope, prompt);
        } catch (TemplateException e) {
            throw e.at(rendering.line());
        }
        return prompt.toString();
    }

    /// The prompt of a conversation. Tools, their calls and results go in as the template knows
    /// them; what it does not know is told as text.
    ///
    /// @throws TemplateException as the other form
    public String render(Conversation conversation, LocalDateTime now) {
        if (!conversation.usesTools()) {
            List<Map<String, Object>> plain =
                    conversation.messages().stream().map(Message::variables).toList();
            return render(conversation.allVariables(plain, true), now);
        }
        Habits known = habits(now);
        List<Map<String, Object>> adapted =
                new Adaptation(known, callFormat(), now).messages(conversation);
        return render(conversation.allVariables(adapted, known.showsTools()), now);
    }

    /// How the model writes calls of tools.
    public CallFormat callFormat() {
        return CallFormat.of(source);
    }

    /// Whether the template tells the model of tools; if not, [#render(Conversation,
    /// LocalDateTime)] does.
    ///
    /// @param now what `strftime_now` reads
    public boolean showsTools(LocalDateTime now) {
        return habits(now).showsTools();
    }

    private Habits habits(LocalDateTime now) {
        Habits known = habits;
        if (known == null) {
            known = Habits.of(this, now);
            habits = known;
        }
        return known;
    }
}
