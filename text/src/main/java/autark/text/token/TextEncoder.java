package autark.text.token;

/// Turns a stretch of text without special tokens into tokens; one for each text that is encoded.
@FunctionalInterface
interface TextEncoder {
    /// @param text well-formed UTF-16
    /// @param startsText whether the stretch comes first in a text or right after a special token
    void encode(String text, int from, int to, boolean startsText, IntList tokens);
}
