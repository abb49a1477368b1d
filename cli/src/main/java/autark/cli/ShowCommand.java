package autark.cli;

import autark.engine.Json;
import autark.engine.store.StoredModel;
import autark.model.file.Gguf;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `autark show`: what a model is and where it came from.
@Command(
        name = "show",
        description = "Shows what a model is: architecture, sizes, storage, licence, source.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark show smollm2:135m",
            "  autark show model.gguf --json",
            "  autark show smollm2:135m --template",
        })
final class ShowCommand implements Callable<Integer> {
    private static final String ROW = "%-14s %s%n";

    private final Models models;

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "A name in the store or a file.")
    private ModelArgument model;

    @Option(names = "--template", description = "Print the chat template and nothing else.")
    private boolean template;

    @Option(names = "--verify", description = "Hash the file and compare with its SHA-256.")
    private boolean verify;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    ShowCommand(Models models) {
        this.models = models;
    }

    @Override
    public Integer call() throws IOException {
        Optional<StoredModel> stored = model.stored();
        if (verify) {
            verify(stored);
        }
        try (Gguf file = Gguf.open(model.presentFile())) {
            ModelCard card = ModelCard.of(file);
            if (template) {
                printTemplate(card);
            } else if (json) {
                printJson(card, file, stored);
            } else {
                printText(card, file, stored);
            }
        }
        return ExitCode.OK;
    }

    private void verify(Optional<StoredModel> stored) throws IOException {
        if (stored.isEmpty()) {
            throw new CommandException("only a model of the store has a SHA-256 to compare with");
        }
        models.store().verify(stored.get());
        spec.commandLine().getErr().println("the file has its SHA-256");
    }

    private void printTemplate(ModelCard card) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                card.chatTemplate()
                        .orElseThrow(() ->
                                new CommandException(model.text() + " has no chat template")));
        out.flush();
    }

    private void printText(ModelCard card, Gguf file, Optional<StoredModel> stored) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(ROW, "name", card.title());
        out.printf(ROW, "architecture", card.architecture());
        out.printf(ROW, "parameters", Quantity.count(card.parameters()));
        out.printf(ROW, "layers", card.layerCount());
        out.printf(ROW, "width", card.modelDim());
        out.printf(ROW, "context", card.contextLength() + " tokens");
        out.printf(ROW, "vocabulary", card.vocabSize() + " tokens");
        out.printf(ROW, "tokenizer", card.tokenizer());
        out.printf(ROW, "chat template", card.chatTemplate().isPresent() ? "yes" : "none");
        for (ModelCard.Storage storage : card.storage()) {
            out.printf(ROW, "storage", describe(storage, card));
        }
        out.printf(ROW, "size", Quantity.bytes(file.fileBytes()));
        out.printf(ROW, "licence", card.licence());
        out.printf(ROW, "file", file.path());
        stored.ifPresent(model -> {
            out.printf(ROW, "source", model.origin().source());
            out.printf(ROW, "sha256", model.sha256());
            out.printf(ROW, "added", model.added());
        });
    }

    private static String describe(ModelCard.Storage storage, ModelCard card) {
        double share = 100.0 * storage.parameters() / card.parameters();
        return String.format(
                Locale.ROOT,
                "%s: %.1f %% of the parameters, %d tensors, %s",
                storage.type(),
                share,
                storage.tensors(),
                Quantity.bytes(storage.bytes()));
    }

    private void printJson(ModelCard card, Gguf file, Optional<StoredModel> stored) {
        ObjectNode object = Json.mapper().createObjectNode();
        object.put("name", card.title())
                .put("architecture", card.architecture())
                .put("parameters", card.parameters())
                .put("layerCount", card.layerCount())
                .put("modelDim", card.modelDim())
                .put("contextLength", card.contextLength())
                .put("vocabSize", card.vocabSize())
                .put("tokenizer", card.tokenizer())
                .put("chatTemplate", card.chatTemplate().isPresent());
        ArrayNode storages = object.putArray("storage");
        for (ModelCard.Storage storage : card.storage()) {
            storages.addObject()
                    .put("type", storage.type())
                    .put("tensors", storage.tensors())
                    .put("parameters", storage.parameters())
                    .put("bytes", storage.bytes());
        }
        object.put("bytes", file.fileBytes())
                .put("licence", card.licence())
                .put("file", file.path().toString());
        stored.ifPresent(model ->
                object.put("source", model.origin().source())
                        .put("sha256", model.sha256().hex())
                        .put("added", model.added().toString()));
        spec.commandLine().getOut().println(object.toPrettyString());
    }
}
