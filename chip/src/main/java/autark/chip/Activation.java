package autark.chip;

/// The non-linear function of a gated feed-forward.
public enum Activation {
    /// `x * sigmoid(x)`.
    SILU,
    /// The tanh form of GELU.
    GELU
}
