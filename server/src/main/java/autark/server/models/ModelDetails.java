package autark.server.models;

import autark.model.file.Gguf;
import autark.model.file.Metadata;
import autark.model.file.ModelFormatException;
import autark.model.file.TensorInfo;
import autark.text.parse.ThinkingFormat;
import autark.text.template.ChatTemplate;
import autark.text.template.TemplateException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a model file says of itself.
///
/// @param bytes size of the file
/// @param digest SHA-256 of the file in hexadecimal digits; empty if it is not in the store
/// @param architecture for instance `llama`
/// @param parameters how many weights it has
/// @param storage the type that most weights are stored in, for instance `Q4_0`
/// @param contextLength tokens that it was trained for, 0 if the file does not say
/// @param modelDim the width of the residual stream, 0 if the file does not say
/// @param template its chat template; empty if there is none
/// @param licence as the file names it
public record ModelDetails(
        long bytes,
        String digest,
        String architecture,
        long parameters,
        String storage,
        int contextLength,
        int modelDim,
        String template,
        String licence) {
    private static final String UNKNOWN = "unknown";

    /// Of a file that says nothing, or cannot be read.
    public static ModelDetails unknown() {
        return new ModelDetails(0, "", UNKNOWN, 0, UNKNOWN, 0, 0, "", UNKNOWN);
    }

    /// Reads the head of a model file.
    ///
    /// @param digest of the file, empty if it is not known
    public static ModelDetails read(Path file, String digest) {
        try (Gguf gguf = Gguf.open(file)) {
            Metadata metadata = gguf.metadata();
            String architecture = metadata.optionalString("general.architecture").orElse(UNKNOWN);
            return new ModelDetails(
                    gguf.fileBytes(),
                    digest,
                    architecture,
                    gguf.tensors().stream().mapToLong(ModelDetails::weights).sum(),
                    storage(gguf),
                    metadata.intValue(architecture + ".context_length", 0),
                    metadata.intValue(architecture + ".embedding_length", 0),
                    metadata.optionalString("tokenizer.chat_template").orElse(""),
                    metadata.optionalString("general.license").orElse(UNKNOWN));
        } catch (ModelFormatException e) {
            return unknown(); // who asks the model is told what is wrong with it
        }
    }

    private static String storage(Gguf file) {
        Map<String, Long> weights = new TreeMap<>();
        for (TensorInfo tensor : file.tensors()) {
            weights.merge(tensor.type().toString(), weights(tensor), Long::sum);
        }
        Optional<Map.Entry<String, Long>> most =
                weights.entrySet().stream().max(Comparator.comparing(Map.Entry::getValue));
        return most.map(Map.Entry::getKey).orElse(UNKNOWN);
    }

    private static long weights(TensorInfo tensor) {
        return tensor.shape().stream().reduce(1L, Math::multiplyExact);
    }

    /// What the model can do, in the words of Ollama: `completion`, `tools`, `thinking`.
    public Set<String> capabilities() {
        Set<String> can = new TreeSet<>(Set.of("completion"));
        try {
            if (ChatTemplate.parse(template).variables().contains("tools")) {
                can.add("tools");
            }
        } catch (TemplateException e) {
            return can; // it answers raw prompts alone
        }
        if (ThinkingFormat.of(template).isPresent()) {
            can.add("thinking");
        }
        return can;
    }
}
