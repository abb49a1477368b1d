package autark.text.token;

import java.util.OptionalInt;
import java.util.Set;

/// Turns text into the token ids of one vocabulary and back. Immutable and safe for use by many
/// threads.
public interface Tokenizer {
    /// Whether names of control tokens inside a text (`<|im_end|>`) become those tokens.
    enum Specials {
        /// The rendered template: control tokens are recognised.
        PARSED,
        /// A user's text: control tokens stay ordinary characters.
        AS_TEXT
    }

    /// The tokenizer that a model file describes.
    ///
    /// @throws TokenizerException if the kind, the pre-tokenizer or the vocabulary is not supported
    static Tokenizer of(TokenizerSpec spec) {
        return Tokenizers.create(spec);
    }

    /// Token ids of `text`; no begin-of-sequence or end-of-sequence token is added. A lone
    /// surrogate counts as U+FFFD.
    ///
    /// @throws TokenizerException if the text is longer than [#TEXT_CHARS_MAX]
    int[] encode(String text, Specials specials);

    /// Longest text that [#encode] takes, in UTF-16 units.
    int TEXT_CHARS_MAX = 1 << 28;

    /// The bytes that the tokens stand for, control tokens included by their names.
    ///
    /// @throws TokenizerException if the vocabulary lacks one of the tokens
    byte[] decode(int... tokens);

    /// A decoder that turns a stream of tokens into whole characters. Control tokens give no text.
    /// The first token starts a text: as in [#decode], the space that a SentencePiece vocabulary
    /// puts before each text is taken away from it.
    StreamDecoder newStreamDecoder();

    /// A decoder like [#newStreamDecoder], but its first token continues a text, so that a space
    /// before it stays.
    StreamDecoder newContinuationDecoder();

    /// The bytes that a token adds to the text of a stream decoder; none for control tokens.
    ///
    /// @throws TokenizerException if the vocabulary has no such token
    byte[] bytes(int token);

    /// Whether [#newStreamDecoder] takes one space away from before its first token.
    boolean dropsFirstSpace();

    int vocabSize();

    /// The text of a token as the vocabulary spells it, for instance `Ġthe` or `<|im_end|>`.
    ///
    /// @throws TokenizerException if the vocabulary has no such token
    String piece(int token);

    /// The token for a role, if the vocabulary has one.
    OptionalInt special(SpecialRole role);

    default OptionalInt beginOfSequence() {
        return special(SpecialRole.BEGIN_OF_SEQUENCE);
    }

    default OptionalInt endOfSequence() {
        return special(SpecialRole.END_OF_SEQUENCE);
    }

    /// Tokens that end a model's turn: end of sequence, end of turn, end of message, and those that
    /// end a file or repository where code is filled in.
    Set<Integer> endOfTurn();

    /// Whether the model expects a begin-of-sequence token before each text.
    boolean addsBeginOfSequence();

    /// Whether the model expects an end-of-sequence token after each text.
    boolean addsEndOfSequence();
}
