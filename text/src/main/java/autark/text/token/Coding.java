package autark.text.token;

/// How the text of one kind of vocabulary becomes tokens and normal tokens become text again.
/// Immutable, for all threads.
sealed interface Coding permits BytePairCoding, SentencePieceCoding, WordPieceCoding {
    /// An encoder for one text.
    TextEncoder newEncoder();

    /// The bytes that a normal token stands for.
    ///
    /// @param piece the text of the token
    byte[] decode(String piece);

    /// Whether each text starts with a space that is not part of it.
    boolean addsFirstSpace();
}
