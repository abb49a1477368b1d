package autark.model.layer;

import java.util.List;

/// Mixture of experts: a router picks `usedCount` experts a token by softmax, and their outputs are
/// added with the picked probabilities, scaled to sum to one (Jiang et al. 2024).
///
/// @param router `[expertCount, modelDim]`
public record Moe(Linear router, List<Mlp> experts, int usedCount) implements FeedForward {
    public Moe {
        experts = List.copyOf(experts);
    }
}
