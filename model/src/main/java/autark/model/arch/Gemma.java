package autark.model.arch;

import autark.chip.Rows;
import autark.model.Batch;
import autark.model.Scratch;
import autark.model.layer.GroupedAttention;
import autark.model.layer.Linear;
import autark.model.layer.Mlp;
import autark.model.layer.RmsNorm;
import autark.model.layer.Rope;
import autark.model.ops.Ops;
import java.util.List;

/// Decoder with a norm before and after each sublayer, scaled embeddings, capped logits and layers
/// that see a window only. Covers gemma2 and gemma3.
///
/// @param embeddingScale factor of the embedding rows, the root of `modelDim`
/// @param globalRope rotation of the layers that see all positions
/// @param localRope rotation of the layers that see a window
/// @param logitSoftcap cap of the logits, infinite for none
public record Gemma(
        Linear embedding,
        float embeddingScale,
        Rope globalRope,
        Rope localRope,
        List<Layer> layers,
        RmsNorm finalNorm,
        Linear output,
        float logitSoftcap)
        implements Architecture {
    /// One layer.
    ///
    /// @param local whether it sees a window only
    public record Layer(
            RmsNorm attnNorm,
            GroupedAttention attn,
            RmsNorm attnPostNorm,
            RmsNorm ffnNorm,
            Mlp mlp,
            RmsNorm ffnPostNorm,
            boolean local) {}

    public Gemma {
        layers = List.copyOf(layers);
    }

    @Override
    public void forward(Batch batch, Scratch s, Ops ops) {
        ops.embed(embedding, batch, s.x());
        ops.scale(embeddingScale, s.x());
        ops.angles(globalRope, batch, s.angles());
        ops.angles(localRope, batch, s.localAngles());
        for (int layerIndex = 0; layerIndex < layers.size(); layerIndex++) {
            Layer layer = layers.get(layerIndex);
            ops.rmsNorm(s.x(), layer.attnNorm(), s.h());
            attend(layer, layerIndex, batch, s, ops);
            ops.rmsNorm(s.y(), layer.attnPostNorm(), s.y());
            ops.add(s.y(), s.x());
            ops.rmsNorm(s.x(), layer.ffnNorm(), s.h());
            ops.gatedFeedForward(s.h(), layer.mlp(), s.gate(), s.up(), s.y());
            ops.rmsNorm(s.y(), layer.ffnPostNorm(), s.y());
            ops.add(s.y(), s.x());
        }
        ops.gatherRows(s.x(), batch, s.outputs());
        ops.rmsNorm(s.outputs(), finalNorm, s.outputs());
        ops.linear(s.outputs(), output, s.logits());
        ops.softcap(logitSoftcap, s.logits());
    }

    @Override
    public GroupedAttention attention(int layerIndex) {
        return layers.get(layerIndex).attn();
    }

    private static void attend(Layer layer, int layerIndex, Batch batch, Scratch s, Ops ops) {
        GroupedAttention attn = layer.attn();
        Rows angles = layer.local() ? s.localAngles() : s.angles();
        ops.qkv(s.h(), attn, s.q(), s.k(), s.v());
        ops.rmsNorm(s.q(), attn.qNorm(), s.q());
        ops.rmsNorm(s.k(), attn.kNorm(), s.k());
        ops.rope(attn.rope(), angles, s.q());
        ops.rope(attn.rope(), angles, s.k());
        ops.attention(attn, layerIndex, batch, s.q(), s.k(), s.v(), s.o());
        ops.linear(s.o(), attn.oProj(), s.y());
    }
}
