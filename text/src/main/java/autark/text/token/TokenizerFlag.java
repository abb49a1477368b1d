package autark.text.token;

/// A switch that a model file may set; where it does not, the kind of tokenizer decides.
public enum TokenizerFlag {
    /// A begin-of-sequence token stands before each text.
    ADD_BEGIN_OF_SEQUENCE,
    /// An end-of-sequence token stands after each text.
    ADD_END_OF_SEQUENCE,
    /// SentencePiece: a text starts with a space that the decoder takes away again.
    ADD_SPACE_PREFIX,
    /// WordPiece: letters become lower case.
    LOWERCASE,
    /// WordPiece: accents are removed; follows [#LOWERCASE] where it is not set.
    STRIP_ACCENTS
}
