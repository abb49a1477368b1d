package autark.model.arch;

import autark.model.Batch;
import autark.model.Scratch;
import autark.model.layer.FeedForward;
import autark.model.layer.GroupedAttention;
import autark.model.layer.Linear;
import autark.model.layer.Mlp;
import autark.model.layer.Moe;
import autark.model.layer.RmsNorm;
import autark.model.layer.Rope;
import autark.model.ops.Ops;
import java.util.List;

/// Pre-norm decoder with grouped-query attention and a gated or routed feed-forward. Covers llama,
/// mistral, smollm2, qwen2, qwen3, smollm3, phi3 and the mixtures llama-moe and qwen3moe: they
/// differ by their weights and numbers only.
///
/// @param rope rotation of the layers that have one; some of smollm3's have none
/// @param output projection to the vocabulary, often the embedding itself
public record Llama(
        Linear embedding, Rope rope, List<Layer> layers, RmsNorm finalNorm, Linear output)
        implements Architecture {
    /// One layer.
    public record Layer(
            RmsNorm attnNorm, GroupedAttention attn, RmsNorm ffnNorm, FeedForward ffn) {}

    public Llama {
        layers = List.copyOf(layers);
    }

    @Override
    public void forward(Batch batch, Scratch s, Ops ops) {
        ops.embed(embedding, batch, s.x());
        ops.angles(rope, batch, s.angles());
        for (int layerIndex = 0; layerIndex < layers.size(); layerIndex++) {
            Layer layer = layers.get(layerIndex);
            ops.rmsNorm(s.x(), layer.attnNorm(), s.h());
            attend(layer.attn(), layerIndex, batch, s, ops);
            ops.add(s.y(), s.x());
            ops.rmsNorm(s.x(), layer.ffnNorm(), s.h());
            switch (layer.ffn()) {
                case Mlp mlp -> ops.gatedFeedForward(s.h(), mlp, s.gate(), s.up(), s.y());
                case Moe moe -> ops.routedFeedForward(s.h(), moe, s.experts(), s.y());
            }
            ops.add(s.y(), s.x());
        }
        ops.gatherRows(s.x(), batch, s.outputs());
        ops.rmsNorm(s.outputs(), finalNorm, s.outputs());
        ops.linear(s.outputs(), output, s.logits());
    }

    @Override
    public GroupedAttention attention(int layerIndex) {
        return layers.get(layerIndex).attn();
    }

    private static void attend(
            GroupedAttention attn, int layerIndex, Batch batch, Scratch s, Ops ops) {
        ops.qkv(s.h(), attn, s.q(), s.k(), s.v());
        ops.rmsNorm(s.q(), attn.qNorm(), s.q());
        ops.rmsNorm(s.k(), attn.kNorm(), s.k());
        ops.rope(attn.rope(), s.angles(), s.q());
        ops.rope(attn.rope(), s.angles(), s.k());
        ops.attention(attn, layerIndex, batch, s.q(), s.k(), s.v(), s.o());
        ops.linear(s.o(), attn.oProj(), s.y());
    }
}
