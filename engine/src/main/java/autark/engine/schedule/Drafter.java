package autark.engine.schedule;

/// Guesses the next tokens of an answer. A wrong guess costs time and changes nothing: a step
/// computes the logits behind each guess, and only tokens that would have been drawn anyway count.
public interface Drafter extends AutoCloseable {
    /// The likely next tokens, at most `most`; none if there is no idea.
    int[] draft(TokenList tokens, int most);

    /// Seconds that a guess takes, 0 if next to none.
    double secondsPerGuess();

    /// The answer has ended.
    void forget(TokenList tokens);

    @Override
    void close();

    /// No guesses.
    static Drafter none() {
        return new Drafter() {
            @Override
            public int[] draft(TokenList tokens, int most) {
                return new int[0];
            }

            @Override
            public double secondsPerGuess() {
                return 0;
            }

            @Override
            public void forget(TokenList tokens) {}

            @Override
            public void close() {}
        };
    }
}
