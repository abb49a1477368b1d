package autark.model.layer;

import autark.chip.Activation;

/// Gated feed-forward: `down(activation(gate x) * up x)` (Shazeer 2020).
public record Mlp(Linear gateProj, Linear upProj, Linear downProj, Activation activation)
        implements FeedForward {}
