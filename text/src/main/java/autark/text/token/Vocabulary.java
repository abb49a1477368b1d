package autark.text.token;

/// The tables of a tokenizer as a model file holds them. The arrays are taken over, not copied.
public final class Vocabulary {
    /// More tokens than any model has; keeps every id and table index far from overflow.
    public static final int TOKEN_COUNT_MAX = 1 << 21;

    /// More merges than any model has.
    public static final int MERGE_COUNT_MAX = 1 << 22;

    /// Longest token or merge in UTF-8; the longest in use has a thousand bytes.
    public static final int ENTRY_BYTES_MAX = 1 << 14;

    final Utf8Strings tokens;
    final float[] scores;
    final int[] types;
    final Utf8Strings merges;

    /// @param tokens the texts of the tokens, by id
    /// @param scores a score per token, higher merges first (SentencePiece only), or empty
    /// @param types a type per token, or empty if all are normal: 0 undefined, 1 normal, 2 unknown,
    ///   3 control, 4 user defined, 5 unused, 6 byte
    /// @param merges byte-pair merges `left right`, best first (byte-pair encoding only), or empty
    public Vocabulary(Utf8Strings tokens, float[] scores, int[] types, Utf8Strings merges) {
        this.tokens = tokens;
        this.scores = scores;
        this.types = types;
        this.merges = merges;
    }

    public int size() {
        return tokens.size();
    }
}
