package autark.cli;

import autark.engine.store.ModelName;
import autark.engine.store.Sha256;
import autark.engine.store.StoredModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `autark import`: copies a model file into the store.
@Command(
        name = "import",
        description = "Copies a GGUF file into the store.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark import qwen2.5-0.5b-instruct-q4_k_m.gguf",
            "  autark import model.gguf --name mine:v1",
        })
final class ImportCommand implements Runnable {
    private final Models models;

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The model file.")
    private Path file;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What it is to be called (default: from the file's name).")
    private @Nullable ModelName name;

    @Option(
            names = "--sha256",
            paramLabel = "HEX",
            description = "The digest that the file must have.")
    private @Nullable Sha256 sha256;

    ImportCommand(Models models) {
        this.models = models;
    }

    @Override
    public void run() {
        if (!Files.isRegularFile(file)) {
            throw new CommandException("no such file: " + file);
        }
        StoredModel model =
                models.pull(
                        file,
                        name == null ? NameFromFile.of(file.getFileName().toString()) : name,
                        Optional.ofNullable(sha256),
                        spec.commandLine().getErr());
        spec.commandLine()
                .getOut()
                .printf("%s (%s)%n", model.name(), Quantity.bytes(model.bytes()));
    }
}
