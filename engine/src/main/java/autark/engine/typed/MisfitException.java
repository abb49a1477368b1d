package autark.engine.typed;

import org.jspecify.annotations.Nullable;

/// A text that is no value of a type.
public final class MisfitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// What is wrong with it.
    public enum Kind {
        /// It is no JSON, most likely for it was cut.
        NO_JSON,
        /// It is JSON, but no value of the type.
        NO_VALUE
    }

    private final Kind kind;

    MisfitException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
