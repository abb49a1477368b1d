package autark.chip;

/// What an attention kernel must know of a layer.
///
/// @param headCount query heads, a multiple of `kvHeadCount`
/// @param kvHeadCount key and value heads
/// @param headDim width of a head
/// @param scale factor of the scores
/// @param softcap scores become `softcap * tanh(score / softcap)`; infinite for none
/// @param window positions that a token sees, itself counted in; [Integer#MAX_VALUE] for all
public record AttentionShape(
        int headCount, int kvHeadCount, int headDim, float scale, float softcap, int window) {
    /// The first position that the token at `position` sees.
    public int firstVisible(int position) {
        return Math.max(0, position - window + 1);
    }
}
