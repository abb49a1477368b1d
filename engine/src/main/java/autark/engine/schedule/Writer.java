package autark.engine.schedule;

import autark.engine.FinishReason;
import java.util.Optional;

/// The side of an answer that chooses tokens and makes text of them. What it throws ends its answer
/// and no other.
public interface Writer {
    /// Whether its reader keeps up. While not, the answer waits, and costs nothing but the memory
    /// of its keys and values, which another one may take.
    boolean hasRoom();

    /// Called once before the first token is chosen.
    ///
    /// @param cachedTokens tokens of the prompt that were known and not read
    void begin(int cachedTokens);

    /// Chooses a token, appends it to `tokens` and writes what is certain of its text. Called by a
    /// thread of the model, for one answer by one thread at a time.
    ///
    /// @param row what the model says of the token behind `tokens`
    /// @return why the answer has ended, if it has
    Optional<FinishReason> write(LogitRow row, TokenList tokens);

    /// Whether the model's opinion of each token of the prompt is wanted.
    boolean scoresPrompt();

    /// Takes the logits of the token at `position` of the prompt, if they are wanted.
    void score(LogitRow row, int position, TokenList tokens);

    /// The answer has ended. Called once, by the thread of the scheduler; [#fail] is the other way
    /// to end.
    void end(FinishReason reason, TokenList tokens, Work work);

    /// The answer has failed.
    void fail(Throwable failure, Work work);
}
