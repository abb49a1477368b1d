package autark.cli;

import autark.engine.EngineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Which model answers, and how it is opened.
final class ModelArguments {
    /// Longest template file; longer ones are none.
    private static final long TEMPLATE_BYTES_MAX = 1 << 20;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            defaultValue = ModelArgument.DEFAULT,
            description = "A name in the store or a file (default: ${DEFAULT-VALUE}).")
    private ModelArgument model;

    @Option(
            names = "--context",
            paramLabel = "N",
            defaultValue = "0",
            description = "Tokens of prompt and answer together (default: all the model has).")
    private int context;

    @Option(
            names = "--template",
            paramLabel = "FILE",
            description = "A chat template instead of the model's.")
    private @Nullable Path template;

    @Mixin private AdapterArguments adapter;
    @Mixin private ComputeArguments compute;
    @Mixin private EngineArguments engine;

    ModelArgument model() {
        return model;
    }

    boolean hasTemplate() {
        return template != null;
    }

    /// How to open the engine.
    ///
    /// @param answers that it writes at once
    EngineOptions options(int answers) throws IOException {
        EngineOptions options =
                engine.over(adapter.over(compute.engineOptions()))
                        .withContextLength(context)
                        .withRunningMax(answers);
        if (template == null) {
            return options;
        }
        if (Files.size(template) > TEMPLATE_BYTES_MAX) {
            throw new CommandException(
                    "%s: found %d bytes, expected a chat template of at most %d"
                            .formatted(template, Files.size(template), TEMPLATE_BYTES_MAX));
        }
        return options.withChatTemplate(
                Streams.text(Files.readAllBytes(template), template.toString()));
    }
}
