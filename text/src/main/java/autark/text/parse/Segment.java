package autark.text.parse;

/// A piece of what a model wrote.
///
/// @param text whole characters, never empty
public record Segment(Kind kind, String text) {
    /// Which part of the output a text belongs to.
    public enum Kind {
        /// Written before the answer, between the thinking tags.
        THINKING,
        /// Meant for the reader.
        ANSWER,
        /// The name of a tool, whole: a call of it begins.
        CALL_NAME,
        /// The next part of the JSON text of the arguments of the call that began last.
        CALL_ARGUMENTS
    }
}
