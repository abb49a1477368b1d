package autark.chip;

/// How rotary embedding pairs the components of a head.
///
/// @param headDim width of a head
/// @param ropeDim components that are turned, from the front of a head
public record RopeShape(Pairing pairing, int headDim, int ropeDim) {
    /// Which components turn together.
    public enum Pairing {
        /// `2i` and `2i + 1`: llama, smollm3.
        INTERLEAVED,
        /// `i` and `i + ropeDim / 2`: qwen, gemma, phi3.
        HALVES
    }
}
