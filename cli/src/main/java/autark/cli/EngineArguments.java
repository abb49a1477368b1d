package autark.cli;

import autark.engine.EngineOptions;
import autark.engine.Speculation;
import autark.server.config.ByteSize;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How an engine serves; none of it changes what is written.
final class EngineArguments {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--kv-memory",
            paramLabel = "SIZE",
            description =
                    "Memory for keys and values, for instance 512MB or 2GiB (default: for four"
                            + " contexts, at most half of what is free; bench: as much as it"
                            + " takes).")
    private @Nullable ByteSize kvMemory;

    @Option(
            names = "--speculation",
            paramLabel = "KIND",
            description =
                    "How tokens are guessed, so that a step checks several: off, or prompt-lookup,"
                            + " by what followed the same words before; changes no bit (default:"
                            + " prompt-lookup; bench: off).")
    private @Nullable String speculation;

    @Option(
            names = "--draft-model",
            paramLabel = "MODEL",
            description =
                    "A smaller model of the same vocabulary that guesses tokens instead: a name in"
                            + " the store or a file.")
    private @Nullable ModelArgument draftModel;

    /// These options with what the user asks for.
    ///
    /// @throws ParameterException if a value is out of range
    EngineOptions over(EngineOptions options) {
        EngineOptions withMemory =
                kvMemory == null ? options : options.withKeyValueBytes(kvMemory.bytes());
        if (draftModel != null && speculation != null) {
            throw new ParameterException(
                    spec.commandLine(), "--draft-model goes without --speculation");
        }
        if (draftModel != null) {
            return withMemory.withSpeculation(new Speculation.DraftModel(draftModel.file()));
        }
        return speculation == null ? withMemory : withMemory.withSpeculation(kind(speculation));
    }

    private Speculation kind(String name) {
        return switch (name) {
            case "off" -> new Speculation.Off();
            case "prompt-lookup" -> new Speculation.PromptLookup();
            default ->
                    throw new ParameterException(
                            spec.commandLine(),
                            "--speculation: found %s, expected off or prompt-lookup"
                                    .formatted(name));
        };
    }
}
