package autark.text.token;

/// A vocabulary or a text that no tokenizer can be made of: the message says what was found, what
/// was expected and, where there is one, which entry is meant.
public final class TokenizerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TokenizerException(String message) {
        super(message);
    }
}
