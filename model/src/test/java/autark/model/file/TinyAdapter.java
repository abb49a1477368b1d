package autark.model.file;

import autark.chip.quant.QuantType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// An adapter of random weights for all projections of a model, in both formats, and the model with
/// the adapter merged into it.
public final class TinyAdapter {
    private static final Map<String, String> MODULES =
            Map.of(
                    "attn_q", "self_attn.q_proj",
                    "attn_k", "self_attn.k_proj",
                    "attn_v", "self_attn.v_proj",
                    "attn_qkv", "self_attn.qkv_proj",
                    "attn_output", "self_attn.o_proj",
                    "ffn_gate", "mlp.gate_proj",
                    "ffn_up", "mlp.up_proj",
                    "ffn_down", "mlp.down_proj",
                    "ffn_gate_inp", "mlp.gate");

    private static final Map<String, String> EXPERTS =
            Map.of(
                    "ffn_gate_exps", "mlp.experts.%d.gate_proj",
                    "ffn_up_exps", "mlp.experts.%d.up_proj",
                    "ffn_down_exps", "mlp.experts.%d.down_proj");

    private static final Map<String, String> LLAMA_EXPERTS =
            Map.of(
                    "ffn_gate_exps", "block_sparse_moe.experts.%d.w1",
                    "ffn_up_exps", "block_sparse_moe.experts.%d.w3",
                    "ffn_down_exps", "block_sparse_moe.experts.%d.w2");

    /// The pairs of one tensor, several of a stack of experts; A is `[rank][columns]`.
    ///
    /// @param b in the order of the base's rows, `[rows][rank]`
    private record Pairs(TensorInfo weight, List<float[][]> a, List<float[][]> b) {}

    private final Path base;
    private final GgufImage image;
    private final String architecture;
    private final int heads;
    private final int kvHeads;
    private final int rank;
    private final float alpha;
    private final QuantType type;
    private final List<Pairs> pairs = new ArrayList<>();

    private TinyAdapter(Path base, int rank, float alpha, QuantType type) {
        this.base = base;
        this.image = GgufImage.of(bytes(base));
        this.rank = rank;
        this.alpha = alpha;
        this.type = type;
        try (Gguf file = Gguf.open(base)) {
            this.architecture = file.metadata().string("general.architecture");
            this.heads = file.metadata().intValue(architecture + ".attention.head_count");
            this.kvHeads =
                    file.metadata().intValue(architecture + ".attention.head_count_kv", heads);
        }
    }

    /// @param size of the weights: the square root of what a pair adds to a weight
    public static TinyAdapter of(
            Path base, int rank, float alpha, QuantType type, float size, long seed) {
        TinyAdapter adapter = new TinyAdapter(base, rank, alpha, type);
        SplittableRandom random = new SplittableRandom(seed);
        try (Gguf file = Gguf.open(base)) {
            for (TensorInfo weight : file.tensors()) {
                if (isAdaptable(weight)) {
                    adapter.pairs.add(adapter.random(weight, size, random));
                }
            }
        }
        return adapter;
    }

    /// The same A, and zeros for B.
    public TinyAdapter withoutB() {
        TinyAdapter copy = new TinyAdapter(base, rank, alpha, type);
        for (Pairs pair : pairs) {
            List<float[][]> zeros =
                    pair.b().stream().map(b -> new float[b.length][b[0].length]).toList();
            copy.pairs.add(new Pairs(pair.weight(), pair.a(), zeros));
        }
        return copy;
    }

    /// A model of a tiny one's shape whose matrices are of f32 and well behaved.
    public static Path smooth(String tinyModel, Path path) {
        GgufImage image = Objects.requireNonNull(TinyModel.all().get(tinyModel));
        SplittableRandom random = new SplittableRandom(tinyModel.hashCode());
        image.tensors.removeIf(tensor -> tensor.name().text().startsWith("rope_freqs"));
        image.tensors.replaceAll(tensor -> smooth(tensor, random));
        return image.writeTo(path);
    }

    private static GgufImage.Tensor smooth(GgufImage.Tensor tensor, SplittableRandom random) {
        boolean vector = tensor.shape().size() == 1;
        int elements = Math.toIntExact(tensor.shape().stream().reduce(1L, Math::multiplyExact));
        float[][] values = new float[1][elements];
        for (int i = 0; i < elements; i++) {
            values[0][i] = vector ? random.nextFloat(0.5f, 1.5f) : random.nextFloat(-0.3f, 0.3f);
        }
        return tensor.withType(GgufImage.F32)
                .withData(data(QuantType.F32, List.<float[][]>of(values)));
    }

    private static boolean isAdaptable(TensorInfo weight) {
        String kind = kind(weight);
        boolean known = MODULES.containsKey(kind) || EXPERTS.containsKey(kind);
        return known || weight.name().equals("output.weight");
    }

    /// `attn_q` of `blk.0.attn_q.weight`; biases have none.
    private static String kind(TensorInfo weight) {
        String[] parts = weight.name().split("\\.", -1);
        return parts.length == 4 && parts[3].equals("weight") ? parts[2] : "";
    }

    private Pairs random(TensorInfo weight, float size, SplittableRandom random) {
        int stack = weight.shape().size() > 2 ? weight.shape().getLast().intValue() : 1;
        List<float[][]> a = new ArrayList<>();
        List<float[][]> b = new ArrayList<>();
        for (int expert = 0; expert < stack; expert++) {
            a.add(matrix(rank, (int) weight.columns(), size, random));
            b.add(matrix((int) weight.rows() / stack, rank, size, random));
        }
        return new Pairs(weight, a, b);
    }

    private float[][] matrix(int rows, int columns, float size, SplittableRandom random) {
        float[][] matrix = new float[rows][columns];
        for (float[] row : matrix) {
            for (int column = 0; column < columns; column++) {
                row[column] = stored(random.nextFloat(-size, size));
            }
        }
        return matrix;
    }

    private float stored(float value) {
        return switch (type) {
            case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
            case BF16 -> Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xFFFF_0000);
            default -> value;
        };
    }

    private static byte[] data(QuantType type, List<float[][]> matrices) {
        int elements = matrices.stream().mapToInt(rows -> rows.length * rows[0].length).sum();
        ByteBuffer data =
                ByteBuffer.allocate((int) type.bytes(elements)).order(ByteOrder.LITTLE_ENDIAN);
        for (float[][] rows : matrices) {
            for (float[] row : rows) {
                for (float value : row) {
                    switch (type) {
                        case F16 -> data.putShort(Float.floatToFloat16(value));
                        case BF16 -> data.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
                        default -> data.putFloat(value);
                    }
                }
            }
        }
        return data.array();
    }

    /// The adapter as a GGUF file in the making.
    GgufImage image() {
        GgufImage adapter = new GgufImage();
        adapter.put("general.architecture", architecture);
        adapter.put("general.type", "adapter");
        adapter.put("adapter.type", "lora");
        adapter.put("adapter.lora.alpha", alpha);
        for (Pairs pair : pairs) {
            add(adapter, pair.weight().name() + ".lora_a", pair.a());
            add(adapter, pair.weight().name() + ".lora_b", pair.b());
        }
        return adapter;
    }

    private void add(GgufImage adapter, String name, List<float[][]> matrices) {
        List<Long> shape =
                new ArrayList<>(
                        List.of(
                                (long) matrices.getFirst()[0].length,
                                (long) matrices.getFirst().length));
        if (matrices.size() > 1) {
            shape.add((long) matrices.size());
        }
        adapter.tensors.add(new GgufImage.Tensor(name, type.ggufId(), shape, data(type, matrices)));
    }

    public Path writeGguf(Path path) {
        return image().writeTo(path);
    }

    /// The tensors as the PEFT library names and orders them.
    SafetensorsImage safetensors() {
        SafetensorsImage file = new SafetensorsImage();
        for (Pairs pair : pairs) {
            for (int expert = 0; expert < pair.a().size(); expert++) {
                String module = "base_model.model." + module(pair.weight(), expert);
                float[][] b = checkpointOrder(kind(pair.weight()), pair.b().get(expert));
                add(file, module + ".lora_A.weight", pair.a().get(expert));
                add(file, module + ".lora_B.weight", b);
            }
        }
        return file;
    }

    private void add(SafetensorsImage file, String name, float[][] matrix) {
        file.tensors.put(
                name,
                new SafetensorsImage.Tensor(
                        type.name(),
                        List.of((long) matrix.length, (long) matrix[0].length),
                        data(type, List.<float[][]>of(matrix))));
    }

    private String module(TensorInfo weight, int expert) {
        if (weight.name().equals("output.weight")) {
            return "lm_head";
        }
        String kind = kind(weight);
        String layer = weight.name().split("\\.", -1)[1];
        String module = MODULES.get(kind);
        if (module == null) {
            Map<String, String> experts = architecture.equals("llama") ? LLAMA_EXPERTS : EXPERTS;
            module = experts.getOrDefault(kind, "").formatted(expert);
        }
        boolean fusedGate = architecture.equals("phi3") && kind.equals("ffn_up");
        return "model.layers." + layer + "." + (fusedGate ? "mlp.gate_up_proj" : module);
    }

    /// Checkpoints have first the first halves of all pairs of a head, then the second halves; the
    /// files of some architectures have pair by pair.
    private float[][] checkpointOrder(String kind, float[][] rows) {
        boolean turned = kind.equals("attn_q") || kind.equals("attn_k");
        if (!turned || !(architecture.equals("llama") || architecture.equals("smollm3"))) {
            return rows;
        }
        int headDim = rows.length / (kind.equals("attn_q") ? heads : kvHeads);
        float[][] ordered = new float[rows.length][];
        int row = 0;
        for (int head = 0; head < rows.length / headDim; head++) {
            for (int pair = 0; pair < headDim / 2; pair++) {
                for (int half = 0; half < 2; half++) {
                    ordered[head * headDim + half * headDim / 2 + pair] = rows[row++];
                }
            }
        }
        return ordered;
    }

    /// The keys of the configuration that the library writes, with their values as JSON.
    Map<String, String> config() {
        Map<String, String> config = new TreeMap<>();
        config.put("peft_type", "\"LORA\"");
        config.put("task_type", "\"CAUSAL_LM\"");
        config.put("base_model_name_or_path", "\"somewhere/tiny\"");
        config.put("r", Integer.toString(rank));
        config.put("lora_alpha", Float.toString(alpha));
        config.put("lora_dropout", "0.05");
        config.put("bias", "\"none\"");
        config.put("fan_in_fan_out", "false");
        config.put("init_lora_weights", "true");
        config.put("use_dora", "false");
        config.put("use_rslora", "false");
        config.put("modules_to_save", "null");
        config.put("loftq_config", "{}");
        config.put("rank_pattern", "{}");
        config.put("alpha_pattern", "{}");
        config.put("megatron_core", "\"megatron.core\"");
        config.put("layer_replication", "null");
        config.put("inference_mode", "true");
        return config;
    }

    public Path writePeft(Path folder) {
        return writePeft(folder, config());
    }

    Path writePeft(Path folder, Map<String, String> config) {
        write(folder.resolve("adapter_config.json"), json(config));
        write(folder.resolve("adapter_model.safetensors"), safetensors().bytes());
        return folder;
    }

    static byte[] json(Map<String, String> config) {
        List<String> entries = new ArrayList<>();
        config.forEach((key, value) -> entries.add("\"%s\": %s".formatted(key, value)));
        return ("{" + String.join(", ", entries) + "}").getBytes(StandardCharsets.UTF_8);
    }

    /// The model with `factor * B A` added to its weights, which were summed in double precision.
    public Path writeMerged(Path path, double factor) {
        GgufImage merged = image.copy();
        Map<String, Pairs> byName = new LinkedHashMap<>();
        pairs.forEach(pair -> byName.put(pair.weight().name(), pair));
        merged.tensors.replaceAll(tensor -> {
            Pairs pair = byName.get(tensor.name().text());
            return pair == null ? tensor : tensor.withData(sum(tensor.data(), pair, factor));
        });
        return merged.writeTo(path);
    }

    private static byte[] sum(byte[] weights, Pairs pair, double factor) {
        ByteBuffer values = ByteBuffer.wrap(weights.clone()).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        for (int expert = 0; expert < pair.a().size(); expert++) {
            float[][] a = pair.a().get(expert);
            for (float[] rowOfB : pair.b().get(expert)) {
                for (int column = 0; column < a[0].length; column++) {
                    double sum = 0;
                    for (int i = 0; i < a.length; i++) {
                        sum += (double) rowOfB[i] * a[i][column];
                    }
                    values.putFloat(at, (float) (values.getFloat(at) + factor * sum));
                    at += Float.BYTES;
                }
            }
        }
        return values.array();
    }

    static byte[] bytes(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path write(Path path, byte[] bytes) {
        try {
            Files.createDirectories(path.getParent());
            return Files.write(path, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
