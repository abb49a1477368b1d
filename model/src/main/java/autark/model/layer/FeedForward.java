package autark.model.layer;

/// What stands after the second norm of a layer.
public sealed interface FeedForward permits Mlp, Moe {}
