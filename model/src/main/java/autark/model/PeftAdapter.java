package autark.model;

import autark.chip.RopeShape;
import autark.model.file.ModelFormatException;
import autark.model.file.PeftConfig;
import autark.model.file.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// An adapter as the PEFT library saves it: weights as safetensors, a configuration beside them.
/// Modules are named as in the checkpoint that the base model was converted from, and heads are not
/// interleaved.
record PeftAdapter(Safetensors file, PeftConfig settings, Config base) implements AdapterFormat {
    static final String CONFIG = "adapter_config.json";

    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String PICKLED_WEIGHTS = "adapter_model.bin";

    /// What the library puts before the names of the checkpoint.
    private static final String PREFIX = "base_model.model.";

    /// What checkpoints have before the layers.
    private static final List<String> STEMS =
            List.of("model.language_model.", "language_model.model.", "language_model.", "model.");

    private static final String LAYERS = "layers.";

    private static final Map<String, String> IN_LAYER =
            Map.ofEntries(
                    Map.entry("self_attn.q_proj", "attn_q"),
                    Map.entry("self_attn.k_proj", "attn_k"),
                    Map.entry("self_attn.v_proj", "attn_v"),
                    Map.entry("self_attn.qkv_proj", "attn_qkv"),
                    Map.entry("self_attn.o_proj", "attn_output"),
                    Map.entry("mlp.gate_proj", "ffn_gate"),
                    Map.entry("mlp.up_proj", "ffn_up"),
                    Map.entry("mlp.gate_up_proj", "ffn_up"),
                    Map.entry("mlp.down_proj", "ffn_down"),
                    Map.entry("mlp.gate", "ffn_gate_inp"),
                    Map.entry("block_sparse_moe.gate", "ffn_gate_inp"));

    private static final List<String> EXPERTS =
            List.of("mlp.experts.", "block_sparse_moe.experts.");

    private static final Map<String, String> IN_EXPERT =
            Map.of(
                    "gate_proj", "ffn_gate_exps",
                    "up_proj", "ffn_up_exps",
                    "down_proj", "ffn_down_exps",
                    "w1", "ffn_gate_exps",
                    "w3", "ffn_up_exps",
                    "w2", "ffn_down_exps");

    private static final int EXPERT_DIGITS_MAX = 4;

    /// Opens the files in a folder.
    static PeftAdapter open(Path folder, Config base) {
        Path weights = folder.resolve(WEIGHTS);
        if (!Files.exists(weights) && Files.exists(folder.resolve(PICKLED_WEIGHTS))) {
            throw new ModelFormatException(
                    "%s: found %s, expected %s; Autark never loads pickled Python objects, since they can run code"
                            .formatted(folder, PICKLED_WEIGHTS, WEIGHTS));
        }
        return open(weights, folder.resolve(CONFIG), base);
    }

    static PeftAdapter open(Path weights, Path config, Config base) {
        PeftConfig settings = PeftConfig.read(config);
        return new PeftAdapter(Safetensors.open(weights), settings, base);
    }

    @Override
    public String suffixOfA() {
        return ".lora_A.weight";
    }

    @Override
    public String suffixOfB() {
        return ".lora_B.weight";
    }

    @Override
    public Place place(String module) {
        String name = inCheckpoint(module);
        if (!settings.isTarget(name)) {
            throw error(module, "found a module that target_modules does not name");
        }
        String stem = STEMS.stream().filter(name::startsWith).findFirst().orElse("");
        String rest = name.substring(stem.length());
        if (rest.equals("lm_head")) {
            return new Place("output.weight", OptionalInt.empty(), 0);
        }
        int dot = rest.indexOf('.', LAYERS.length());
        if (!rest.startsWith(LAYERS) || dot < 0) {
            throw unknown(module);
        }
        String block = "blk." + rest.substring(LAYERS.length(), dot) + ".";
        return inLayer(module, block, rest.substring(dot + 1));
    }

    private Place inLayer(String module, String block, String rest) {
        String tensor = IN_LAYER.get(rest);
        if (tensor != null) {
            boolean turned = tensor.equals("attn_q") || tensor.equals("attn_k");
            int headDim = turned && interleaved() ? base.headDim() : 0;
            return new Place(block + tensor + ".weight", OptionalInt.empty(), headDim);
        }
        for (String experts : EXPERTS) {
            int dot = rest.indexOf('.', experts.length());
            if (rest.startsWith(experts) && dot > 0) {
                String projection = IN_EXPERT.get(rest.substring(dot + 1));
                OptionalInt expert = number(rest.substring(experts.length(), dot));
                if (projection != null && expert.isPresent()) {
                    return new Place(block + projection + ".weight", expert, 0);
                }
            }
        }
        throw unknown(module);
    }

    private static OptionalInt number(String digits) {
        boolean number =
                !digits.isEmpty()
                        && digits.length() <= EXPERT_DIGITS_MAX
                        && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        return number ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
    }

    /// Whether GGUF files of the architecture have the rows of queries and keys reordered so that
    /// those that turn together lie together.
    private boolean interleaved() {
        return RopeReader.pairing(base.architecture()) == RopeShape.Pairing.INTERLEAVED;
    }

    private String inCheckpoint(String module) {
        if (!module.startsWith(PREFIX)) {
            throw error(module, "expected a name that starts with " + PREFIX);
        }
        return module.substring(PREFIX.length());
    }

    private ModelFormatException unknown(String module) {
        return error(module, "found a module that Autark does not know and cannot honour");
    }

    @Override
    public float scale(String module, int rank) {
        String name = inCheckpoint(module);
        if (settings.rank(name) != rank) {
            throw error(
                    module,
                    "found rank %d, expected %d as %s says"
                            .formatted(rank, settings.rank(name), CONFIG));
        }
        return settings.scale(name);
    }

    @Override
    public String configSha256() {
        return settings.sha256();
    }
}
