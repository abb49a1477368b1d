package autark.engine.sample;

import java.util.List;

/// How likely the model held a token, and which it held likeliest.
///
/// @param logprob natural logarithm of the probability; minus infinity if it has none
/// @param top the likeliest tokens, likeliest first
public record TokenLogprob(int token, double logprob, List<Ranked> top) {
    public TokenLogprob {
        top = List.copyOf(top);
    }

    /// One of the likeliest tokens.
    public record Ranked(int token, double logprob) {}
}
