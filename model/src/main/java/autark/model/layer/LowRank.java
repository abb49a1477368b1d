package autark.model.layer;

import autark.chip.quant.TiledMatrix;

/// What an adapter adds to a projection: `y += scale * B (A x)` (LoRA, Hu et al. 2021).
///
/// @param a `[rank, inputDim]`
/// @param b `[outputDim, rank]`
public record LowRank(TiledMatrix a, TiledMatrix b, float scale) {}
