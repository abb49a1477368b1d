package autark.text.token;

/// Chooses the tokenizer that a specification asks for.
final class Tokenizers {
    private Tokenizers() {}

    @SuppressWarnings("DoNotCallSuggester")
    static Tokenizer create(TokenizerSpec spec) {
        throw new TokenizerException("tokenizer model '" + spec.model() + "' is not supported");
    }
}
