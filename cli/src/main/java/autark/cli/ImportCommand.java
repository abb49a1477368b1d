package autark.cli;

import autark.engine.store.Incoming;
import autark.engine.store.ModelName;
import autark.engine.store.Origin;
import autark.engine.store.Sha256;
import autark.engine.store.StoredModel;
import autark.model.file.Gguf;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `autark import`: copies a model file into the store. It is a copy and never a link, since a file
/// that its owner may change under a running model is none that the store can vouch for.
@Command(
        name = "import",
        description = "Copies a GGUF file into the store.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark import qwen2.5-0.5b-instruct-q4_k_m.gguf",
            "  autark import model.gguf --name mine:v1",
        })
final class ImportCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The model file.")
    private Path file;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What it is to be called (default: from the file's name).")
    private @Nullable String name;

    @Option(
            names = "--sha256",
            paramLabel = "HEX",
            description = "The digest that the file must have.")
    private @Nullable String sha256;

    @Override
    public Integer call() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new CommandException("no such file: " + file);
        }
        ModelName modelName =
                name == null
                        ? NameFromFile.of(file.getFileName().toString())
                        : ModelName.parse(name);
        Sha256 digest = sha256 == null ? Sha256.ofFile(file) : new Sha256(sha256);
        Runnable onWait =
                () ->
                        spec.commandLine()
                                .getErr()
                                .println("another process is at the same file; waiting");
        try (Incoming incoming =
                Models.ofProcess().store().receiveCopy(file, modelName, digest, onWait)) {
            StoredModel model =
                    incoming.commit(
                            origin(incoming.file()), Instant.now().truncatedTo(ChronoUnit.SECONDS));
            PrintWriter out = spec.commandLine().getOut();
            out.printf("%s (%s)%n", model.name(), Quantity.bytes(model.bytes()));
        }
        return ExitCode.OK;
    }

    /// Opens the verified copy, which must be a model, for its licence.
    private Origin origin(Path copy) {
        try (Gguf gguf = Gguf.open(copy)) {
            String licence = gguf.metadata().optionalString("general.license").orElse("unknown");
            return new Origin("file:" + file.toAbsolutePath().normalize(), licence);
        }
    }
}
