package autark.engine;

import autark.engine.sample.TokenLogprob;
import java.util.List;

/// A whole answer.
///
/// @param text the answer, without thinking
/// @param thinking what the model thought before; empty if nothing
/// @param tokens the ids of all drawn tokens, the one that ended the turn included
/// @param finish why it ended
/// @param usage what it cost
/// @param logprobs the model's opinion of each drawn token, if it was asked for
/// @param promptLogprobs the same of the tokens of the prompt from the second on
public record Result(
        String text,
        String thinking,
        List<Integer> tokens,
        FinishReason finish,
        Usage usage,
        List<TokenLogprob> logprobs,
        List<TokenLogprob> promptLogprobs) {
    public Result {
        tokens = List.copyOf(tokens);
        logprobs = List.copyOf(logprobs);
        promptLogprobs = List.copyOf(promptLogprobs);
    }
}
