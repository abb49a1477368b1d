package autark.model.ops;

import autark.chip.Rows;
import autark.model.Batch;
import autark.model.layer.GroupedAttention;
import autark.model.layer.Linear;
import autark.model.layer.Mlp;
import autark.model.layer.Moe;
import autark.model.layer.RmsNorm;
import autark.model.layer.Rope;

/// What a forward pass is written in. Rows are tokens of the step, `T` of them, unless said
/// otherwise; results go to the last argument.
public interface Ops {
    /// Rows of the embedding, one a token: `[T, modelDim]`.
    void embed(Linear embedding, Batch batch, Rows x);

    /// Norm of each row, or of each head of a row if the weight is as wide as a head.
    void rmsNorm(Rows x, RmsNorm norm, Rows y);

    /// `y = x W^T + b`.
    void linear(Rows x, Linear linear, Rows y);

    /// Queries, keys and values: the projections of `h` that an attention begins with.
    void qkv(Rows h, GroupedAttention attention, Rows q, Rows k, Rows v);

    /// Gated feed-forward: `y = down(activation(gate h) * up h)`.
    ///
    /// @param gate room for the gate, then for its product with `up`
    void gatedFeedForward(Rows h, Mlp mlp, Rows gate, Rows up, Rows y);

    /// Rotary factors of each token's position: `[T, 2 * ropeDim]`.
    void angles(Rope rope, Batch batch, Rows angles);

    /// Turns queries or keys in place.
    void rope(Rope rope, Rows angles, Rows x);

    /// Appends `k` and `v` to the caches of the batch as layer `layerIndex`, then attends.
    void attention(
            GroupedAttention attention,
            int layerIndex,
            Batch batch,
            Rows q,
            Rows k,
            Rows v,
            Rows o);

    /// Mixture of experts of each row.
    void routedFeedForward(Rows h, Moe moe, ExpertScratch scratch, Rows y);

    /// `x += y`.
    void add(Rows y, Rows x);

    /// `x *= factor`.
    void scale(float factor, Rows x);

    /// `x = cap * tanh(x / cap)`; an infinite cap changes nothing.
    void softcap(float cap, Rows x);

    /// The rows of `x` whose logits are wanted: `[outputCount, modelDim]`.
    void gatherRows(Rows x, Batch batch, Rows y);
}
