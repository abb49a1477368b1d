package autark.engine.schedule;

/// Guesses the next tokens of an answer. A wrong guess costs time and changes nothing: a step
/// computes the logits behind each guess, and only tokens that would have been drawn anyway count.
public interface Drafter {
    /// The likely next tokens, at most `most`; none if there is no idea.
    int[] draft(TokenList tokens, int most);

    /// No guesses.
    static Drafter none() {
        return (_, _) -> new int[0];
    }
}
