package autark.model;

import autark.model.file.Gguf;
import autark.model.file.Metadata;
import autark.model.file.ModelFormatException;
import autark.model.file.TensorInfo;
import java.util.Set;

/// The numbers of a model, read from its file and checked.
///
/// @param architecture as the file spells it: `llama`, `qwen2`, `gemma3`, ...
/// @param contextLength positions that the model was trained for
/// @param headDim width of a query, key and value head
/// @param ffnDim width of the dense feed-forward, 0 where all layers are mixtures
/// @param ropeDim components of a head that are rotated
/// @param expertCount experts a layer, 0 for a dense model
/// @param window positions that a sliding-window layer sees, [Integer#MAX_VALUE] for none
public record Config(
        String architecture,
        int contextLength,
        int vocabSize,
        int modelDim,
        int layerCount,
        int headCount,
        int kvHeadCount,
        int headDim,
        int ffnDim,
        int ropeDim,
        float rmsEpsilon,
        int expertCount,
        int expertUsedCount,
        int expertFfnDim,
        int window,
        float attentionSoftcap,
        float logitSoftcap) {
    /// Architectures that Autark runs.
    public static final Set<String> ARCHITECTURES =
            Set.of("llama", "qwen2", "qwen3", "qwen3moe", "smollm3", "phi3", "gemma2", "gemma3");

    private static final String ARCHITECTURE_KEY = "general.architecture";

    /// What is in the file; absent in older ones.
    private static final String KIND_KEY = "general.type";

    static final int CONTEXT_LENGTH_MAX = 1 << 24;
    static final int VOCAB_SIZE_MAX = 1 << 22;
    static final int MODEL_DIM_MAX = 1 << 17;
    static final int FFN_DIM_MAX = 1 << 20;
    static final int LAYER_COUNT_MAX = 1 << 10;
    static final int HEAD_COUNT_MAX = 1 << 12;
    static final int HEAD_DIM_MAX = 1 << 12;
    static final int EXPERT_COUNT_MAX = 1 << 10;
    static final int EXPERT_COUNT_MAX_ALL_LAYERS = 1 << 16;

    public int qDim() {
        return headCount * headDim;
    }

    public int kvDim() {
        return kvHeadCount * headDim;
    }

    /// Reads the configuration of a file.
    ///
    /// @throws ModelFormatException if the architecture is not supported, a key is missing, out of
    ///   range or not known, or numbers contradict one another
    public static Config read(Gguf file) {
        Metadata metadata = file.metadata();
        if (metadata.has(KIND_KEY) && metadata.string(KIND_KEY).equals("adapter")) {
            throw metadata.unexpected(
                    KIND_KEY, "a model; open the one that it adapts, with it as its adapter");
        }
        String architecture = metadata.string(ARCHITECTURE_KEY);
        if (!ARCHITECTURES.contains(architecture)) {
            throw metadata.unexpected(
                    ARCHITECTURE_KEY, "one of " + ARCHITECTURES.stream().sorted().toList());
        }
        return new ConfigReader(file, architecture).read();
    }

    /// Rows of the embedding table, which is what a file without a vocabulary tells of its size.
    static int embeddingRows(Gguf file) {
        TensorInfo embedding =
                file.tensor("token_embd.weight")
                        .orElseThrow(() ->
                                new ModelFormatException("tensor token_embd.weight is missing"));
        if (embedding.rows() > VOCAB_SIZE_MAX) {
            throw new ModelFormatException(
                    "tensor token_embd.weight: found %d rows, expected at most %d"
                            .formatted(embedding.rows(), VOCAB_SIZE_MAX));
        }
        return (int) embedding.rows();
    }
}
