package autark.model.ops;

import autark.chip.Rows;

/// Buffers of a mixture of experts; rows of `h`, `gate`, `up` and `out` are the tokens that picked
/// one expert.
///
/// @param routing probabilities of the router, `[T, expertCount]`
/// @param h gathered inputs, `[T, modelDim]`
/// @param gate `[T, expertFfnDim]`
/// @param up `[T, expertFfnDim]`
/// @param out outputs before they are added, `[T, modelDim]`
public record ExpertScratch(Rows routing, Rows h, Rows gate, Rows up, Rows out) {}
