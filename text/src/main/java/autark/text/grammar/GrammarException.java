package autark.text.grammar;

/// A grammar, schema or pattern that cannot be enforced: it is malformed, asks for something that
/// is not supported, contradicts itself, or is too large. The message says what was found, where,
/// and what was expected.
public final class GrammarException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public GrammarException(String message) {
        super(message);
    }
}
