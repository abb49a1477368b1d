package autark.model.arch;

import autark.model.Batch;
import autark.model.Scratch;
import autark.model.layer.GroupedAttention;
import autark.model.ops.Ops;

/// A forward pass.
public sealed interface Architecture permits Llama, Gemma {
    /// Runs one step: reads the tokens of `batch`, appends their keys and values to its caches and
    /// leaves `[outputCount, vocabSize]` in the logits of `s`.
    void forward(Batch batch, Scratch s, Ops ops);

    /// The attention of a layer.
    GroupedAttention attention(int layerIndex);
}
