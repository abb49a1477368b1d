package autark.cli;

import autark.engine.Engine;
import autark.engine.EngineOptions;
import autark.engine.Json;
import autark.engine.Perplexity;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `autark eval perplexity`: how surprised a model is by a text.
@Command(
        name = "perplexity",
        description = {
            "Tells how surprised a model is by a text; less is better.",
            "The text is cut into chunks; the second half of each is scored."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark eval perplexity smollm2:135m --file text.txt",
            "  autark eval perplexity model.gguf --file text.txt --context 2048 --json",
        })
final class PerplexityCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "A name in the store or a file.")
    private ModelArgument model;

    @Option(
            names = "--file",
            required = true,
            paramLabel = "FILE",
            description = "The text, in UTF-8.")
    private Path file;

    @Option(
            names = "--context",
            paramLabel = "N",
            defaultValue = "512",
            description = "Tokens of a chunk (default: ${DEFAULT-VALUE}).")
    private int context;

    @Option(
            names = "--chunks",
            paramLabel = "N",
            defaultValue = "" + Integer.MAX_VALUE,
            description = "Most chunks to read (default: all).")
    private int chunks;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    @Mixin private AdapterArguments adapter;
    @Mixin private ComputeArguments compute;

    @Override
    public Integer call() throws IOException {
        Perplexity.Chunks cut = new Perplexity.Chunks(context, chunks);
        String text = Streams.text(Files.readAllBytes(file), file.toString());
        EngineOptions options = adapter.over(compute.engineOptions());
        PrintWriter notes = spec.commandLine().getErr();
        try (Engine engine = Engine.open(model.file(), options)) {
            print(Perplexity.measure(engine, text, cut, soFar -> tell(soFar, notes)));
        }
        return ExitCode.OK;
    }

    private static void tell(Perplexity soFar, PrintWriter notes) {
        notes.printf(Locale.ROOT, "chunk %d: %.4f%n", soFar.chunkCount(), soFar.value());
        notes.flush();
    }

    private void print(Perplexity perplexity) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(
                    Json.mapper()
                            .createObjectNode()
                            .put("model", model.text())
                            .put("perplexity", perplexity.value())
                            .put("error", perplexity.error())
                            .put("context", perplexity.contextTokens())
                            .put("chunks", perplexity.chunkCount())
                            .put("scoredTokens", perplexity.scoredTokens())
                            .toPrettyString());
        } else {
            out.printf(
                    Locale.ROOT,
                    "perplexity %.4f +/- %.4f (%d chunks of %d tokens)%n",
                    perplexity.value(),
                    perplexity.error(),
                    perplexity.chunkCount(),
                    perplexity.contextTokens());
        }
    }
}
