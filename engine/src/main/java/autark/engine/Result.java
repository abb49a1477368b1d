package autark.engine;

import autark.engine.sample.TokenLogprob;
import autark.text.template.ToolCall;
import java.util.List;
import java.util.Optional;

/// A whole answer.
///
/// @param text the answer, without thinking and calls
/// @param thinking what the model thought before; empty if nothing
/// @param toolCalls the calls that were written to their end, in order
/// @param tokens the ids of all drawn tokens, the one that ended the turn included
/// @param finish why it ended
/// @param stop the stop string that it ended at, if it did
/// @param usage what it cost
/// @param logprobs the model's opinion of each drawn token, if it was asked for
/// @param promptLogprobs the same of the tokens of the prompt from the second on
public record Result(
        String text,
        String thinking,
        List<ToolCall> toolCalls,
        List<Integer> tokens,
        FinishReason finish,
        Optional<String> stop,
        Usage usage,
        List<TokenLogprob> logprobs,
        List<TokenLogprob> promptLogprobs) {
    public Result {
        toolCalls = List.copyOf(toolCalls);
        tokens = List.copyOf(tokens);
        logprobs = List.copyOf(logprobs);
        promptLogprobs = List.copyOf(promptLogprobs);
    }
}
