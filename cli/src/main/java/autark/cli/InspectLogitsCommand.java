package autark.cli;

import autark.model.Batch;
import autark.model.KvCache;
import autark.model.Model;
import autark.model.ModelOptions;
import autark.model.Scratch;
import autark.model.Span;
import autark.model.file.Gguf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `autark inspect logits`: token ids to logits.
@Command(
        name = "logits",
        description = {
            "Runs a model once over tokens, from position 0, and writes the logits after each.",
            "The file holds little-endian 32-bit floats, [tokens, vocabulary]. Works for models"
                    + " without a vocabulary, too."
        },
        footerHeading = "%nExamples:%n",
        footer = "  autark inspect logits model.gguf --tokens 1,2,3 --output logits.f32")
final class InspectLogitsCommand implements Callable<Integer> {
    /// Tokens that are read at once if nothing is said: bounds the memory of the logits.
    private static final int CHUNK_TOKENS = 512;

    @Parameters(paramLabel = "MODEL", description = "A name in the store or a file.")
    private ModelArgument model;

    @Option(
            names = "--tokens",
            required = true,
            split = ",",
            paramLabel = "ID",
            description = "Token ids.")
    private int[] tokens;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "The file to write.")
    private Path output;

    @Option(
            names = "--chunk",
            paramLabel = "N",
            defaultValue = "" + CHUNK_TOKENS,
            description = "Tokens to read at once; changes no bit (default: ${DEFAULT-VALUE}).")
    private int chunk;

    @Mixin private AdapterArguments adapter;
    @Mixin private ComputeArguments compute;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (chunk < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--chunk: found %d, expected at least 1".formatted(chunk));
        }
        ModelOptions options = adapter.over(compute.modelOptions());
        try (Gguf file = Gguf.open(model.file());
                Model loaded = Model.load(file, options);
                OutputFile logits = OutputFile.create(output)) {
            check(loaded);
            write(loaded, logits);
            logits.commit();
        }
        return ExitCode.OK;
    }

    private void check(Model loaded) {
        if (tokens.length > loaded.contextLength()) {
            throw new CommandException(
                    "found %d tokens, expected at most the %d of the model's context"
                            .formatted(tokens.length, loaded.contextLength()));
        }
        int vocabSize = loaded.config().vocabSize();
        for (int token : tokens) {
            if (token < 0 || token >= vocabSize) {
                throw new CommandException(
                        "found token %d, expected 0 to %d".formatted(token, vocabSize - 1));
            }
        }
    }

    private void write(Model loaded, OutputFile logits) throws IOException {
        int step = Math.min(chunk, tokens.length);
        float[] row = new float[loaded.config().vocabSize()];
        try (KvCache cache = loaded.newCache(tokens.length);
                Scratch scratch = loaded.newScratch(step, step)) {
            while (cache.length() < tokens.length) {
                int end = Math.min(tokens.length, cache.length() + step);
                int[] next = Arrays.copyOfRange(tokens, cache.length(), end);
                loaded.forward(Batch.of(new Span(next, cache, Span.Outputs.ALL)), scratch);
                for (int output = 0; output < next.length; output++) {
                    scratch.copyLogits(output, row);
                    logits.write(row, row.length);
                }
            }
        }
    }
}
