package autark.model;

/// Consecutive tokens of one sequence inside a step; they follow what its cache holds.
///
/// @param outputs the tokens whose logits are wanted
public record Span(int[] tokens, KvCache cache, Outputs outputs) {
    /// Which tokens of a span get logits.
    public enum Outputs {
        NONE,
        LAST,
        ALL
    }

    public Span {
        tokens = tokens.clone();
        if (tokens.length == 0) {
            throw new IllegalArgumentException("found an empty span, expected at least one token");
        }
    }

    int outputCount() {
        return switch (outputs) {
            case NONE -> 0;
            case LAST -> 1;
            case ALL -> tokens.length;
        };
    }
}
