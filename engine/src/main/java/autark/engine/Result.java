package autark.engine;

import java.util.List;

/// A whole answer.
///
/// @param text the answer, without thinking
/// @param thinking what the model thought before; empty if nothing
/// @param tokens the ids of all drawn tokens, the one that ended the turn included
/// @param finish why it ended
/// @param usage what it cost
public record Result(
        String text, String thinking, List<Integer> tokens, FinishReason finish, Usage usage) {
    public Result {
        tokens = List.copyOf(tokens);
    }
}
