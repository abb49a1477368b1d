package autark.cli;

import autark.model.file.Gguf;
import autark.model.file.Metadata;
import autark.model.file.ModelFormatException;
import autark.model.file.TensorInfo;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a model file says of itself.
///
/// @param title its name in words
/// @param architecture for instance `llama`
/// @param parameters how many weights it has
/// @param storage the storage types, the one with the most weights first
/// @param contextLength in tokens, 0 if the file does not say
/// @param layerCount 0 if the file does not say
/// @param modelDim the width of the residual stream, 0 if the file does not say
/// @param vocabSize in tokens, 0 if there is no vocabulary
/// @param tokenizer its kind, for instance `gpt2 (smollm)`
/// @param chatTemplate the source of its chat template
/// @param licence as the file names it
record ModelCard(
        String title,
        String architecture,
        long parameters,
        List<Storage> storage,
        int contextLength,
        int layerCount,
        int modelDim,
        int vocabSize,
        String tokenizer,
        Optional<String> chatTemplate,
        String licence) {
    /// How much of a model is stored in one way.
    ///
    /// @param type the storage type
    /// @param tensors how many tensors are stored so
    /// @param parameters how many weights
    /// @param bytes how many bytes they take
    record Storage(String type, int tensors, long parameters, long bytes) {
        private Storage plus(TensorInfo tensor) {
            return new Storage(
                    type, tensors + 1, parameters + weights(tensor), bytes + tensor.bytes());
        }
    }

    private static final String UNKNOWN = "unknown";

    static ModelCard of(Gguf file) {
        Metadata metadata = file.metadata();
        String architecture = metadata.optionalString("general.architecture").orElse(UNKNOWN);
        return new ModelCard(
                metadata.optionalString("general.name").orElse(UNKNOWN),
                architecture,
                file.tensors().stream().mapToLong(ModelCard::weights).sum(),
                storage(file),
                metadata.intValue(architecture + ".context_length", 0),
                metadata.intValue(architecture + ".block_count", 0),
                metadata.intValue(architecture + ".embedding_length", 0),
                vocabSize(metadata),
                tokenizer(metadata),
                metadata.optionalString("tokenizer.chat_template"),
                metadata.optionalString("general.license").orElse(UNKNOWN));
    }

    /// The storage type that holds most weights of a file.
    static String mainType(Path file) {
        try (Gguf gguf = Gguf.open(file)) {
            List<Storage> storage = storage(gguf);
            return storage.isEmpty() ? UNKNOWN : storage.getFirst().type();
        } catch (ModelFormatException e) {
            return "damaged";
        }
    }

    private static List<Storage> storage(Gguf file) {
        Map<String, Storage> byType = new TreeMap<>();
        for (TensorInfo tensor : file.tensors()) {
            String type = tensor.type().toString();
            byType.put(type, byType.getOrDefault(type, new Storage(type, 0, 0, 0)).plus(tensor));
        }
        return byType.values().stream()
                .sorted(Comparator.comparingLong(Storage::parameters).reversed())
                .collect(Collectors.toUnmodifiableList());
    }

    private static long weights(TensorInfo tensor) {
        return tensor.shape().stream().reduce(1L, Math::multiplyExact);
    }

    private static int vocabSize(Metadata metadata) {
        String tokens = "tokenizer.ggml.tokens";
        return metadata.has(tokens) ? metadata.strings(tokens).size() : 0;
    }

    private static String tokenizer(Metadata metadata) {
        String kind = metadata.optionalString("tokenizer.ggml.model").orElse("none");
        return metadata.optionalString("tokenizer.ggml.pre")
                .map(pre -> kind + " (" + pre + ")")
                .orElse(kind);
    }
}
