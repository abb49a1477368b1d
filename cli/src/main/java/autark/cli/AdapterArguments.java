package autark.cli;

import autark.engine.EngineOptions;
import autark.model.ModelOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whether an adapter changes what the model computes.
final class AdapterArguments {
    @Option(
            names = "--adapter",
            paramLabel = "FILE",
            description =
                    "A low-rank adapter (LoRA) of the model: a GGUF file, or a folder of the PEFT"
                            + " library.")
    private @Nullable Path adapter;

    ModelOptions over(ModelOptions options) {
        return adapter == null ? options : options.withAdapter(adapter);
    }

    EngineOptions over(EngineOptions options) {
        return adapter == null ? options : options.withAdapter(adapter);
    }
}
