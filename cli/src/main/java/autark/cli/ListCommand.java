package autark.cli;

import autark.engine.Json;
import autark.engine.store.StoredModel;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;

/// `autark list`: the models that are here.
@Command(
        name = "list",
        description = "Lists the models in the store.",
        footerHeading = "%nExamples:%n",
        footer = {"  autark list", "  autark list --json"})
final class ListCommand implements Runnable {
    private static final String ROW = "%-32s %10s  %-8s %s%n";

    private final Models models;

    @Spec private CommandSpec spec;

    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    ListCommand(Models models) {
        this.models = models;
    }

    @Override
    public void run() {
        PrintWriter err = spec.commandLine().getErr();
        List<StoredModel> all =
                models.store().list(damage -> err.println("autark: " + damage.getMessage()));
        if (json) {
            printJson(all);
        } else {
            printTable(all);
        }
    }

    private void printTable(List<StoredModel> all) {
        PrintWriter out = spec.commandLine().getOut();
        if (all.isEmpty()) {
            out.println("No models here. Get one: autark pull " + ModelArgument.DEFAULT);
            return;
        }
        out.printf(ROW, "NAME", "SIZE", "TYPE", "ADDED");
        for (StoredModel model : all) {
            out.printf(
                    ROW,
                    model.name(),
                    Quantity.bytes(model.bytes()),
                    ModelCard.mainType(model.file()),
                    LocalDate.ofInstant(model.added(), ZoneId.systemDefault()));
        }
    }

    private void printJson(List<StoredModel> all) {
        ArrayNode array = Json.mapper().createArrayNode();
        for (StoredModel model : all) {
            array.addObject()
                    .put("name", model.name().toString())
                    .put("bytes", model.bytes())
                    .put("type", ModelCard.mainType(model.file()))
                    .put("added", model.added().toString())
                    .put("sha256", model.sha256().hex())
                    .put("source", model.origin().source())
                    .put("licence", model.origin().licence());
        }
        spec.commandLine().getOut().println(array.toPrettyString());
    }
}
