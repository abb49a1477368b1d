package autark.text.template;

/// A chat template that cannot be read or rendered. The message says what was found, what was
/// expected and, unless the template itself spoke, in which line.
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Who is at fault.
    public enum Kind {
        /// The template's text is not valid, or uses what is refused (`include`, for instance).
        SYNTAX,
        /// A valid template failed on these variables.
        RENDER,
        /// The template called `raise_exception`: the message is the template's own, untouched.
        RAISED,
        /// The template asked for more steps, memory, nesting or output than it may use.
        LIMIT
    }

    private final Kind kind;
    private final int line;
    private final String reason;

    TemplateException(Kind kind, int line, String reason) {
        super(kind == Kind.RAISED || line == 0 ? reason : reason + " (template line " + line + ")");
        this.kind = kind;
        this.line = line;
        this.reason = reason;
    }

    /// A failure of an operation, which does not know its line.
    static TemplateException render(String reason) {
        return new TemplateException(Kind.RENDER, 0, reason);
    }

    /// The same failure with its line, unless it is known.
    TemplateException at(int where) {
        if (line != 0) {
            return this;
        }
        TemplateException located = new TemplateException(kind, where, reason);
        located.setStackTrace(getStackTrace());
        return located;
    }

    /// Who is at fault.
    public Kind kind() {
        return kind;
    }

    /// The line of the template, counted from 1; 0 where no line is to blame.
    public int line() {
        return line;
    }
}
