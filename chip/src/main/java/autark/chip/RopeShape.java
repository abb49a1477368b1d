package autark.chip;

/// How rotary embedding pairs the components of a head (Su et al. 2021). Both components of a pair
/// turn by the same angle: `a cos - b sin` and `b cos + a sin`.
///
/// A row of factors for a position has one value a component: first `P`, the cosines, then `Q`, the
/// sines, those of the first component of a pair negated: `[2 * ropeDim]`.
///
/// @param headDim width of a head
/// @param ropeDim components that are turned, from the front of a head; even
public record RopeShape(Pairing pairing, int headDim, int ropeDim) {
    /// Which components turn together.
    public enum Pairing {
        /// `2i` and `2i + 1`: llama, smollm3.
        INTERLEAVED,
        /// `i` and `i + ropeDim / 2`: qwen, gemma, phi3.
        HALVES
    }

    /// The first component of pair `pair`.
    public int first(int pair) {
        return switch (pairing) {
            case INTERLEAVED -> 2 * pair;
            case HALVES -> pair;
        };
    }

    /// The component that turns with component `i`.
    public int partner(int i) {
        return switch (pairing) {
            case INTERLEAVED -> i ^ 1;
            case HALVES -> (i + ropeDim / 2) % ropeDim;
        };
    }
}
