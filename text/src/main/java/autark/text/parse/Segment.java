package autark.text.parse;

/// A piece of what a thinking model wrote.
///
/// @param text whole characters, never empty
public record Segment(Kind kind, String text) {
    /// Which part of the output a text belongs to.
    public enum Kind {
        /// Written before the answer, between the thinking tags.
        THINKING,
        /// Meant for the reader.
        ANSWER
    }
}
