package autark.model.layer;

import autark.chip.AttentionShape;

/// Attention whose query heads share key and value heads in groups (Ainslie et al. 2023).
///
/// @param qNorm norm of each query head before the rotation, or an absent one
/// @param kNorm likewise of each key head
public record GroupedAttention(
        Linear qProj,
        Linear kProj,
        Linear vProj,
        Linear oProj,
        RmsNorm qNorm,
        RmsNorm kNorm,
        Rope rope,
        AttentionShape shape) {}
