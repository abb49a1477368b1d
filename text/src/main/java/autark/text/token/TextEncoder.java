package autark.text.token;

/// Turns stretches of a text that hold no special tokens into tokens; for one thread.
interface TextEncoder {
    /// Encodes `text[from, to)`, which starts the text or follows a special token.
    ///
    /// @param text well-formed UTF-16
    void encode(String text, int from, int to, IntList tokens);
}
