package autark.model;

import autark.model.file.Gguf;
import autark.model.file.Metadata;
import autark.model.file.ModelFormatException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;

/// An adapter in a GGUF file: modules are named as the tensors of the base model, and rows are in
/// its order.
record GgufAdapter(Gguf file, float alpha) implements AdapterFormat {
    private static final String KIND_KEY = "general.type";
    private static final String ARCHITECTURE_KEY = "general.architecture";
    private static final String TYPE_KEY = "adapter.type";
    private static final String ALPHA_KEY = "adapter.lora.alpha";

    /// Keys that say nothing about what the adapter computes are not looked at; these might.
    private static final String PREFIX = "adapter.";

    private static final Set<String> KNOWN = Set.of(TYPE_KEY, ALPHA_KEY, "adapter.lora.task_name");

    static GgufAdapter open(Path path, Config config) {
        Gguf file = Gguf.open(path);
        try {
            return new GgufAdapter(file, alpha(file.metadata(), config));
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static float alpha(Metadata metadata, Config config) {
        require(metadata, KIND_KEY, "adapter");
        require(metadata, ARCHITECTURE_KEY, config.architecture());
        require(metadata, TYPE_KEY, "lora");
        for (String key : metadata.keys()) {
            boolean ofModel = key.startsWith(config.architecture() + ".");
            if (ofModel || key.startsWith(PREFIX) && !KNOWN.contains(key)) {
                throw new ModelFormatException(
                        "key %s = %s: found a key that Autark cannot honour in an adapter"
                                .formatted(key, metadata.text(key)));
            }
        }
        float alpha = metadata.floatValue(ALPHA_KEY);
        if (alpha == 0) {
            throw metadata.unexpected(
                    ALPHA_KEY, "another number: for some readers 0 means no factor at all");
        }
        return alpha;
    }

    private static void require(Metadata metadata, String key, String only) {
        if (!metadata.string(key).equals(only)) {
            throw metadata.unexpected(key, "\"%s\"".formatted(only));
        }
    }

    @Override
    public String suffixOfA() {
        return ".lora_a";
    }

    @Override
    public String suffixOfB() {
        return ".lora_b";
    }

    @Override
    public Place place(String module) {
        return new Place(module, OptionalInt.empty(), 0);
    }

    @Override
    public float scale(String module, int rank) {
        return alpha / rank;
    }

    @Override
    public String configSha256() {
        return "";
    }
}
