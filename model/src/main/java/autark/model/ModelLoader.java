package autark.model;

import autark.chip.Activation;
import autark.chip.AttentionShape;
import autark.model.arch.Architecture;
import autark.model.arch.Gemma;
import autark.model.arch.Llama;
import autark.model.file.Metadata;
import autark.model.layer.FeedForward;
import autark.model.layer.GroupedAttention;
import autark.model.layer.Linear;
import autark.model.layer.Mlp;
import autark.model.layer.Moe;
import autark.model.layer.Rope;
import java.util.ArrayList;
import java.util.List;

/// Maps the tensors of a file to the layers of an architecture. Checkpoint quirks end here: fused
/// projections are split, tied outputs shared.
final class ModelLoader {
    /// Every fourth layer of smollm3 has no rotary embedding.
    private static final int SMOLLM3_ROPE_PERIOD = 4;

    private static final int GEMMA2_WINDOW_PERIOD = 2;
    private static final int GEMMA3_WINDOW_PERIOD = 6;
    private static final int GEMMA2_27B_LAYERS = 46;
    private static final int GEMMA3_27B_LAYERS = 62;
    private static final float GEMMA3_LOCAL_BASE = 10_000f;

    private final Metadata metadata;
    private final Config config;
    private final WeightReader weights;
    private final RopeReader ropes;

    ModelLoader(Metadata metadata, Config config, WeightReader weights, int contextLength) {
        this.metadata = metadata;
        this.config = config;
        this.weights = weights;
        this.ropes = new RopeReader(metadata, config, weights, contextLength);
    }

    Architecture load() {
        Architecture architecture =
                switch (config.architecture()) {
                    case "gemma2", "gemma3" -> gemma();
                    default -> llama();
                };
        weights.refuseUnread(config.architecture());
        return architecture;
    }

    private Llama llama() {
        Linear embedding = embedding();
        Rope rope = ropes.global();
        List<Llama.Layer> layers = new ArrayList<>();
        for (int layerIndex = 0; layerIndex < config.layerCount(); layerIndex++) {
            String block = "blk." + layerIndex + ".";
            boolean rotated =
                    !config.architecture().equals("smollm3")
                            || (layerIndex + 1) % SMOLLM3_ROPE_PERIOD != 0;
            layers.add(
                    new Llama.Layer(
                            norm(block + "attn_norm"),
                            attention(
                                    block,
                                    rotated ? rope : Rope.none(config.headDim()),
                                    attentionShape(config.window())),
                            norm(block + "ffn_norm"),
                            feedForward(block)));
        }
        return new Llama(embedding, rope, layers, norm("output_norm"), output(embedding));
    }

    private Gemma gemma() {
        boolean third = config.architecture().equals("gemma3");
        Linear embedding = embedding();
        Rope global = ropes.global();
        Rope local = ropes.local(third ? GEMMA3_LOCAL_BASE : ropes.base());
        boolean[] windowed = windowedLayers(third ? GEMMA3_WINDOW_PERIOD : GEMMA2_WINDOW_PERIOD);
        List<Gemma.Layer> layers = new ArrayList<>();
        for (int layerIndex = 0; layerIndex < config.layerCount(); layerIndex++) {
            String block = "blk." + layerIndex + ".";
            boolean isLocal = windowed[layerIndex];
            AttentionShape shape = attentionShape(isLocal ? config.window() : Integer.MAX_VALUE);
            layers.add(
                    new Gemma.Layer(
                            norm(block + "attn_norm"),
                            attention(block, isLocal ? local : global, shape),
                            norm(block + "post_attention_norm"),
                            norm(block + "ffn_norm"),
                            mlp(block, Activation.GELU),
                            norm(block + "post_ffw_norm"),
                            isLocal));
        }
        return new Gemma(
                embedding,
                (float) Math.sqrt(config.modelDim()),
                global,
                local,
                layers,
                norm("output_norm"),
                output(embedding),
                config.logitSoftcap());
    }

    /// Which layers see a window only: as the file lists them, or all but each `period`-th.
    private boolean[] windowedLayers(int period) {
        String key = config.architecture() + ".attention.sliding_window_pattern";
        boolean[] windowed = new boolean[config.layerCount()];
        if (config.window() == Integer.MAX_VALUE) {
            return windowed;
        }
        if (metadata.isArray(key)) {
            int[] pattern = metadata.ints(key);
            if (pattern.length != windowed.length) {
                throw metadata.unexpected(key, windowed.length + " values, one a layer");
            }
            for (int layerIndex = 0; layerIndex < windowed.length; layerIndex++) {
                windowed[layerIndex] = pattern[layerIndex] != 0;
            }
            return windowed;
        }
        int every = metadata.intValue(key, period);
        if (every < 0) {
            throw metadata.unexpected(key, "0 or more");
        }
        for (int layerIndex = 0; layerIndex < windowed.length; layerIndex++) {
            windowed[layerIndex] = every == 0 || layerIndex % every < every - 1;
        }
        return windowed;
    }

    private Linear embedding() {
        return weights.linear("token_embd", config.modelDim(), config.vocabSize());
    }

    private Linear output(Linear embedding) {
        return weights.has("output.weight")
                ? weights.linear("output", config.modelDim(), config.vocabSize())
                : embedding;
    }

    private autark.model.layer.RmsNorm norm(String name) {
        return weights.norm(name + ".weight", config.modelDim(), config.rmsEpsilon());
    }

    private AttentionShape attentionShape(int window) {
        int layerCount = config.layerCount();
        boolean scaledByModelDim =
                switch (config.architecture()) {
                    case "gemma2" -> layerCount == GEMMA2_27B_LAYERS;
                    case "gemma3" -> layerCount == GEMMA3_27B_LAYERS;
                    default -> false;
                };
        int width = scaledByModelDim ? config.modelDim() / config.headCount() : config.headDim();
        String key = config.architecture() + ".attention.scale";
        float scale = metadata.floatValue(key, 0f);
        return new AttentionShape(
                config.headCount(),
                config.kvHeadCount(),
                config.headDim(),
                scale == 0 ? (float) (1 / Math.sqrt(width)) : scale,
                config.attentionSoftcap(),
                window);
    }

    private GroupedAttention attention(String block, Rope rope, AttentionShape shape) {
        int modelDim = config.modelDim();
        int qDim = config.qDim();
        int kvDim = config.kvDim();
        Linear q;
        Linear k;
        Linear v;
        if (weights.has(block + "attn_qkv.weight")) {
            String fused = block + "attn_qkv";
            int rows = qDim + 2 * kvDim;
            q = weights.linear(fused, modelDim, rows, 0, qDim);
            k = weights.linear(fused, modelDim, rows, qDim, kvDim);
            v = weights.linear(fused, modelDim, rows, qDim + kvDim, kvDim);
        } else {
            q = weights.linear(block + "attn_q", modelDim, qDim);
            k = weights.linear(block + "attn_k", modelDim, kvDim);
            v = weights.linear(block + "attn_v", modelDim, kvDim);
        }
        return new GroupedAttention(
                q,
                k,
                v,
                weights.linear(block + "attn_output", qDim, modelDim),
                weights.optionalNorm(
                        block + "attn_q_norm.weight", config.headDim(), config.rmsEpsilon()),
                weights.optionalNorm(
                        block + "attn_k_norm.weight", config.headDim(), config.rmsEpsilon()),
                rope,
                shape);
    }

    private FeedForward feedForward(String block) {
        return weights.has(block + "ffn_gate_inp.weight")
                ? moe(block)
                : mlp(block, Activation.SILU);
    }

    private Mlp mlp(String block, Activation activation) {
        int modelDim = config.modelDim();
        int ffnDim = config.ffnDim();
        boolean fused = !weights.has(block + "ffn_gate.weight");
        Linear gate =
                fused
                        ? weights.linear(block + "ffn_up", modelDim, 2 * ffnDim, 0, ffnDim)
                        : weights.linear(block + "ffn_gate", modelDim, ffnDim);
        Linear up =
                fused
                        ? weights.linear(block + "ffn_up", modelDim, 2 * ffnDim, ffnDim, ffnDim)
                        : weights.linear(block + "ffn_up", modelDim, ffnDim);
        Linear down = weights.linear(block + "ffn_down", ffnDim, modelDim);
        return new Mlp(gate, up, down, activation);
    }

    private Moe moe(String block) {
        int modelDim = config.modelDim();
        int ffnDim = config.expertFfnDim();
        int count = config.expertCount();
        List<Mlp> experts = new ArrayList<>();
        for (int expert = 0; expert < count; expert++) {
            experts.add(
                    new Mlp(
                            weights.expert(
                                    block + "ffn_gate_exps", modelDim, ffnDim, count, expert),
                            weights.expert(block + "ffn_up_exps", modelDim, ffnDim, count, expert),
                            weights.expert(
                                    block + "ffn_down_exps", ffnDim, modelDim, count, expert),
                            Activation.SILU));
        }
        return new Moe(
                weights.linear(block + "ffn_gate_inp", modelDim, count),
                experts,
                config.expertUsedCount());
    }
}
