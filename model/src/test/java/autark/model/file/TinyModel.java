package autark.model.file;

import autark.chip.quant.QuantType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Models of random weights, small enough to be loaded thousands of times: one for each
/// architecture and way of storing tensors.
public final class TinyModel {
    private static final int LAYER_COUNT = 2;
    private static final int HEAD_COUNT = 2;
    private static final int EXPERT_COUNT = 3;
    private static final List<QuantType> SMALL_BLOCKS =
            List.of(
                    QuantType.F32,
                    QuantType.Q8_0,
                    QuantType.F16,
                    QuantType.Q4_0,
                    QuantType.BF16,
                    QuantType.Q4_1,
                    QuantType.Q5_0,
                    QuantType.IQ4_NL,
                    QuantType.Q5_1,
                    QuantType.MXFP4);
    private static final List<QuantType> LARGE_BLOCKS =
            List.of(
                    QuantType.Q4_K,
                    QuantType.Q6_K,
                    QuantType.Q2_K,
                    QuantType.Q3_K,
                    QuantType.Q5_K,
                    QuantType.IQ4_XS);

    private final GgufImage image = new GgufImage();
    private final SplittableRandom random;
    private final String architecture;
    private final List<QuantType> types;
    private final int modelDim;
    private final int headDim;
    private final int kvHeadCount;
    private final int ffnDim;
    private int typeIndex;

    private TinyModel(String architecture, int kvHeadCount, List<QuantType> types) {
        this.architecture = architecture;
        this.kvHeadCount = kvHeadCount;
        this.types = types;
        this.modelDim = types.getFirst().blockElements() == 256 ? 256 : 32;
        this.headDim = modelDim / HEAD_COUNT;
        this.ffnDim = modelDim;
        this.random = new SplittableRandom(architecture.hashCode());
    }

    /// All of them by name, the same ones in each run.
    static Map<String, GgufImage> all() {
        Map<String, GgufImage> models = new LinkedHashMap<>();
        models.put("llama", llama(TinyVocabulary.spm(), SMALL_BLOCKS));
        models.put("llama of large blocks", llama(TinyVocabulary.none(40), LARGE_BLOCKS));
        models.put("llama of experts", mixture("llama", "feed_forward_length"));
        models.put("qwen2", qwen2());
        models.put("qwen3", qwen3());
        models.put("qwen3moe", mixture("qwen3moe", "expert_feed_forward_length"));
        models.put("smollm3", plain("smollm3", TinyVocabulary.bpe("smollm")));
        models.put("phi3", phi3());
        models.put("gemma2", gemma("gemma2"));
        models.put("gemma3", gemma("gemma3"));
        return models;
    }

    /// Writes all of them to a folder.
    public static List<Path> writeAll(Path folder) {
        List<Path> files = new ArrayList<>();
        all().forEach((name, image) ->
                files.add(image.writeTo(folder.resolve(name.replace(' ', '-') + ".gguf"))));
        return files;
    }

    private static GgufImage plain(String architecture, TinyVocabulary vocabulary) {
        TinyModel model = new TinyModel(architecture, 1, SMALL_BLOCKS);
        model.config(vocabulary);
        model.layers(false);
        return model.image;
    }

    private static GgufImage llama(TinyVocabulary vocabulary, List<QuantType> types) {
        TinyModel model = new TinyModel("llama", 1, types);
        model.config(vocabulary);
        model.weight("output.weight", model.modelDim, vocabulary.size());
        model.vector("rope_freqs.weight", model.headDim / 2);
        model.layers(false);
        return model.image;
    }

    private static GgufImage mixture(String architecture, String widthKey) {
        TinyModel model = new TinyModel(architecture, 2, SMALL_BLOCKS);
        model.config(TinyVocabulary.none(24));
        model.put("expert_count", EXPERT_COUNT);
        model.put("expert_used_count", 2);
        if (!widthKey.equals("feed_forward_length")) {
            model.put(widthKey, model.ffnDim);
        }
        model.layers(true);
        return model.image;
    }

    private static GgufImage qwen2() {
        TinyModel model = new TinyModel("qwen2", 1, SMALL_BLOCKS);
        model.config(TinyVocabulary.bpe("qwen2"));
        model.image.put("qwen2.rope.scaling.type", "yarn");
        model.image.put("qwen2.rope.scaling.factor", 4f);
        model.put("rope.scaling.original_context_length", 16);
        model.layers(false);
        for (int layer = 0; layer < LAYER_COUNT; layer++) {
            model.vector("blk." + layer + ".attn_q.bias", model.modelDim);
            model.vector("blk." + layer + ".attn_k.bias", model.headDim);
            model.vector("blk." + layer + ".attn_v.bias", model.headDim);
        }
        return model.image;
    }

    private static GgufImage qwen3() {
        TinyModel model = new TinyModel("qwen3", 1, SMALL_BLOCKS);
        model.config(TinyVocabulary.bpe("qwen2"));
        model.put("attention.key_length", model.headDim);
        model.put("attention.value_length", model.headDim);
        model.layers(false);
        model.headNorms();
        return model.image;
    }

    private static GgufImage phi3() {
        TinyModel model = new TinyModel("phi3", HEAD_COUNT, SMALL_BLOCKS);
        model.config(TinyVocabulary.spm());
        model.put("rope.scaling.original_context_length", 16);
        model.image.put("phi3.rope.scaling.attn_factor", 1.2f);
        model.vector("rope_factors_long.weight", model.headDim / 2);
        model.vector("rope_factors_short.weight", model.headDim / 2);
        for (int layer = 0; layer < LAYER_COUNT; layer++) {
            String block = "blk." + layer + ".";
            model.vector(block + "attn_norm.weight", model.modelDim);
            model.weight(block + "attn_qkv.weight", model.modelDim, 3L * model.modelDim);
            model.weight(block + "attn_output.weight", model.modelDim, model.modelDim);
            model.vector(block + "ffn_norm.weight", model.modelDim);
            model.weight(block + "ffn_up.weight", model.modelDim, 2L * model.ffnDim);
            model.weight(block + "ffn_down.weight", model.ffnDim, model.modelDim);
        }
        return model.image;
    }

    private static GgufImage gemma(String architecture) {
        TinyModel model = new TinyModel(architecture, 1, SMALL_BLOCKS);
        model.config(TinyVocabulary.spm());
        model.put("attention.sliding_window", 4);
        if (architecture.equals("gemma2")) {
            model.image.put("gemma2.attn_logit_softcapping", 50f);
            model.image.put("gemma2.final_logit_softcapping", 30f);
        }
        model.layers(false);
        for (int layer = 0; layer < LAYER_COUNT; layer++) {
            model.vector("blk." + layer + ".post_attention_norm.weight", model.modelDim);
            model.vector("blk." + layer + ".post_ffw_norm.weight", model.modelDim);
        }
        if (architecture.equals("gemma3")) {
            model.headNorms();
        }
        return model.image;
    }

    private void config(TinyVocabulary vocabulary) {
        image.put("general.architecture", architecture);
        put("context_length", 64);
        put("embedding_length", modelDim);
        put("block_count", LAYER_COUNT);
        put("feed_forward_length", ffnDim);
        put("attention.head_count", HEAD_COUNT);
        put("attention.head_count_kv", kvHeadCount);
        image.put(architecture + ".attention.layer_norm_rms_epsilon", 1e-5f);
        image.put(architecture + ".rope.freq_base", 10_000f);
        put("rope.dimension_count", headDim);
        vocabulary.putInto(image);
        weight("token_embd.weight", modelDim, vocabulary.size());
        vector("output_norm.weight", modelDim);
    }

    private void put(String key, int value) {
        image.put(architecture + "." + key, GgufImage.UINT32, value);
    }

    private void layers(boolean experts) {
        long kvDim = (long) kvHeadCount * headDim;
        for (int layer = 0; layer < LAYER_COUNT; layer++) {
            String block = "blk." + layer + ".";
            vector(block + "attn_norm.weight", modelDim);
            weight(block + "attn_q.weight", modelDim, modelDim);
            weight(block + "attn_k.weight", modelDim, kvDim);
            weight(block + "attn_v.weight", modelDim, kvDim);
            weight(block + "attn_output.weight", modelDim, modelDim);
            vector(block + "ffn_norm.weight", modelDim);
            if (experts) {
                weight(block + "ffn_gate_inp.weight", modelDim, EXPERT_COUNT);
                weight(block + "ffn_gate_exps.weight", modelDim, ffnDim, EXPERT_COUNT);
                weight(block + "ffn_up_exps.weight", modelDim, ffnDim, EXPERT_COUNT);
                weight(block + "ffn_down_exps.weight", ffnDim, modelDim, EXPERT_COUNT);
            } else {
                weight(block + "ffn_gate.weight", modelDim, ffnDim);
                weight(block + "ffn_up.weight", modelDim, ffnDim);
                weight(block + "ffn_down.weight", ffnDim, modelDim);
            }
        }
    }

    private void headNorms() {
        for (int layer = 0; layer < LAYER_COUNT; layer++) {
            vector("blk." + layer + ".attn_q_norm.weight", headDim);
            vector("blk." + layer + ".attn_k_norm.weight", headDim);
        }
    }

    private void vector(String name, int width) {
        add(name, QuantType.F32, List.of((long) width));
    }

    private void weight(String name, long... shape) {
        List<Long> extents = new ArrayList<>();
        for (long extent : shape) {
            extents.add(extent);
        }
        boolean whole = shape[0] % types.getFirst().blockElements() == 0;
        QuantType type = types.get(typeIndex++ % types.size());
        add(name, whole && shape[0] % type.blockElements() == 0 ? type : QuantType.F32, extents);
    }

    private void add(String name, QuantType type, List<Long> shape) {
        long elements = shape.stream().reduce(1L, Math::multiplyExact);
        byte[] data = new byte[Math.toIntExact(type.bytes(elements))];
        if (type == QuantType.F32) {
            ByteBuffer floats = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
            while (floats.hasRemaining()) {
                floats.putFloat(random.nextFloat(-0.5f, 1f));
            }
        } else {
            // The high byte of each 16-bit scale stays small, so that no scale is infinite or NaN.
            for (int i = 0; i < data.length; i++) {
                data[i] = (byte) random.nextInt(0x3C);
            }
        }
        image.tensors.add(new GgufImage.Tensor(name, type.ggufId(), shape, data));
    }
}
