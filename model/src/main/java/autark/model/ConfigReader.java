package autark.model;

import autark.model.file.Gguf;
import autark.model.file.Metadata;
import autark.model.file.ModelFormatException;
import autark.model.file.TensorInfo;
import java.util.HashSet;
import java.util.Set;

/// Reads the keys of one architecture and refuses those that nothing has read: a key that changes
/// the forward pass must not be lost.
final class ConfigReader {
    private final Gguf file;
    private final Metadata metadata;
    private final String architecture;
    private final Set<String> known = new HashSet<>();

    ConfigReader(Gguf file, String architecture) {
        this.file = file;
        this.metadata = file.metadata();
        this.architecture = architecture;
    }

    Config read() {
        int modelDim = integer("embedding_length", 1, Config.MODEL_DIM_MAX);
        int headCount = integer("attention.head_count", 1, Config.HEAD_COUNT_MAX);
        int kvHeadCount = integer("attention.head_count_kv", 1, Config.HEAD_COUNT_MAX, headCount);
        if (headCount % kvHeadCount != 0) {
            throw metadata.unexpected(
                    key("attention.head_count_kv"), "a divisor of the " + headCount + " heads");
        }
        int headDim = integer("attention.key_length", 1, Config.HEAD_DIM_MAX, modelDim / headCount);
        requireInteger("attention.value_length", headDim);
        int ropeDim = integer("rope.dimension_count", 2, headDim, headDim);
        if (ropeDim % 2 != 0) {
            throw metadata.unexpected(key("rope.dimension_count"), "an even number");
        }
        int layerCount = integer("block_count", 1, Config.LAYER_COUNT_MAX);
        int expertCount = integer("expert_count", 0, Config.EXPERT_COUNT_MAX, 0);
        if (expertCount * layerCount > Config.EXPERT_COUNT_MAX_ALL_LAYERS) {
            throw metadata.unexpected(
                    key("expert_count"),
                    "at most %d over all %d layers"
                            .formatted(Config.EXPERT_COUNT_MAX_ALL_LAYERS, layerCount));
        }
        if (expertCount > 0 && !anyLayerHas("ffn_gate_inp.weight")) {
            throw metadata.unexpected(
                    key("expert_count"), "0, since no tensor blk.N.ffn_gate_inp.weight is there");
        }
        int statedFfnDim =
                expertCount == 0
                        ? integer("feed_forward_length", 1, Config.FFN_DIM_MAX)
                        : integer("feed_forward_length", 0, Config.FFN_DIM_MAX, 0);
        int ffnDim = anyLayerHas("ffn_down.weight") ? statedFfnDim : 0;
        int expertUsedCount = expertCount == 0 ? 0 : integer("expert_used_count", 1, expertCount);
        int expertFfnDim =
                expertCount == 0
                        ? 0
                        : integer(
                                "expert_feed_forward_length", 1, Config.FFN_DIM_MAX, statedFfnDim);
        Config config =
                new Config(
                        architecture,
                        integer("context_length", 1, Config.CONTEXT_LENGTH_MAX),
                        Config.embeddingRows(file),
                        modelDim,
                        layerCount,
                        headCount,
                        kvHeadCount,
                        headDim,
                        ffnDim,
                        ropeDim,
                        number("attention.layer_norm_rms_epsilon"),
                        expertCount,
                        expertUsedCount,
                        expertFfnDim,
                        window(),
                        softcap("attn_logit_softcapping", architecture.equals("gemma2") ? 50f : 0f),
                        softcap(
                                "final_logit_softcapping",
                                architecture.equals("gemma2") ? 30f : 0f));
        refuseUnknownKeys();
        return config;
    }

    /// Whether there is a tensor of this name in any layer. Buffers are made for the kinds of
    /// layers that are there, since only those show that a width in the metadata is true.
    private boolean anyLayerHas(String name) {
        for (TensorInfo tensor : file.tensors()) {
            if (tensor.name().endsWith("." + name)) {
                return true;
            }
        }
        return false;
    }

    private int window() {
        int fallback = architecture.equals("gemma2") ? 4096 : 0;
        int window = integer("attention.sliding_window", 0, Config.CONTEXT_LENGTH_MAX, fallback);
        return window == 0 ? Integer.MAX_VALUE : window;
    }

    private float softcap(String name, float fallback) {
        boolean capped = architecture.startsWith("gemma");
        float cap = capped ? number(name, fallback) : 0;
        return cap == 0 ? Float.POSITIVE_INFINITY : cap;
    }

    /// Keys that other readers take, that say nothing about the forward pass, or that are honoured
    /// at one value only.
    private void refuseUnknownKeys() {
        known.addAll(RopeReader.KEYS);
        known.addAll(
                Set.of(
                        "vocab_size",
                        "tensor_data_layout",
                        "attention.sliding_window_pattern",
                        "attention.scale"));
        requireInteger("expert_used_count", 0);
        requireInteger("expert_feed_forward_length", 0);
        requireInteger("expert_shared_count", 0);
        requireInteger("expert_shared_feed_forward_length", 0);
        requireInteger("leading_dense_block_count", 0);
        requireInteger("expert_gating_func", 1);
        requireInteger("nextn_predict_layers", 0);
        requireInteger("pooling_type", 0);
        requireBoolean("use_parallel_residual", false);
        requireBoolean("attention.causal", true);
        requireBoolean("expert_weights_norm", true);
        requireNumber("expert_weights_scale", 1f);
        for (String key : metadata.keys()) {
            String prefix = architecture + ".";
            if (key.startsWith(prefix) && !known.contains(key.substring(prefix.length()))) {
                throw new ModelFormatException(
                        "key %s = %s: found a key that Autark does not know for %s and cannot honour"
                                .formatted(key, metadata.text(key), architecture));
            }
        }
    }

    private String key(String name) {
        known.add(name);
        return architecture + "." + name;
    }

    private int integer(String name, int min, int max) {
        String key = key(name);
        int value = metadata.isArray(key) ? sameForAllLayers(key) : metadata.intValue(key);
        if (value < min || value > max) {
            throw metadata.unexpected(key, min + " to " + max);
        }
        return value;
    }

    private int integer(String name, int min, int max, int fallback) {
        if (metadata.has(key(name))) {
            return integer(name, min, max);
        }
        if (fallback < min || fallback > max) {
            throw new ModelFormatException(
                    "key %s is missing and would be %d, expected %d to %d"
                            .formatted(key(name), fallback, min, max));
        }
        return fallback;
    }

    private int sameForAllLayers(String key) {
        int[] values = metadata.ints(key);
        for (int value : values) {
            if (value != values[0]) {
                throw metadata.unexpected(key, "one value for all layers");
            }
        }
        if (values.length == 0) {
            throw metadata.unexpected(key, "a value");
        }
        return values[0];
    }

    private float number(String name) {
        float value = metadata.floatValue(key(name));
        if (!(value >= 0)) {
            throw metadata.unexpected(key(name), "a number of at least 0");
        }
        return value;
    }

    private float number(String name, float fallback) {
        return metadata.has(key(name)) ? number(name) : fallback;
    }

    private void requireInteger(String name, int only) {
        boolean read = known.contains(name);
        if (metadata.has(key(name)) && !read && metadata.intValue(key(name)) != only) {
            throw metadata.unexpected(key(name), only + ", the only value that Autark honours");
        }
    }

    private void requireBoolean(String name, boolean only) {
        if (metadata.bool(key(name), only) != only) {
            throw metadata.unexpected(key(name), only + ", the only value that Autark honours");
        }
    }

    private void requireNumber(String name, float only) {
        float value = metadata.floatValue(key(name), only);
        if (value != only && value != 0) {
            throw metadata.unexpected(key(name), only + ", the only value that Autark honours");
        }
    }
}
