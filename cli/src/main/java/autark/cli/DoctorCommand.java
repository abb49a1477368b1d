package autark.cli;

import autark.chip.Chip;
import autark.chip.Kernels;
import autark.engine.Json;
import autark.engine.store.ModelName;
import autark.engine.store.ModelStore;
import autark.engine.store.StoreException;
import autark.engine.store.StoredModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `autark doctor`: what Autark finds on this machine, and whether it computes right here.
@Command(
        name = "doctor",
        description = {
            "Tells what Autark finds on this machine, and checks that it computes right.",
            "",
            "The check runs the default model on a few tokens, if it is here. The exit code is 1 if"
                    + " something is wrong.",
        },
        footerHeading = "%nExamples:%n",
        footer = {"  autark doctor", "  autark doctor --json"})
final class DoctorCommand implements Callable<Integer> {
    private static final Runtime.Version OLDEST_JAVA = Runtime.Version.parse("25.0.3");
    private static final String ROW = "%-12s %s%n";

    private final Models models;
    private final Map<String, String> findings = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    @Spec private CommandSpec spec;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    @Mixin private ComputeArguments compute;

    DoctorCommand(Models models) {
        this.models = models;
    }

    @Override
    public Integer call() throws IOException {
        findings.put("autark", Version.number());
        examineMachine();
        examineKernels();
        try {
            examineStore(models.store());
        } catch (StoreException e) {
            problems.add(e.getMessage());
        }
        if (json) {
            printJson();
        } else {
            printText();
        }
        return problems.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void examineMachine() throws IOException {
        Machine machine = Machine.ofProcess();
        findings.put("java", machine.java());
        findings.put("system", machine.system());
        findings.put("processor", machine.processor());
        findings.put("features", String.join(" ", machine.features()));
        findings.put(
                "memory",
                "%s, Java heap at most %s"
                        .formatted(
                                Quantity.bytes(machine.memoryBytes()),
                                Quantity.bytes(machine.heapBytes())));
        if (Runtime.version().compareToIgnoreOptional(OLDEST_JAVA) < 0) {
            problems.add(
                    "Java %s may move objects that native code is reading; expected %s or newer"
                            .formatted(Runtime.version(), OLDEST_JAVA));
        }
    }

    private void examineKernels() {
        Chip chip = compute.chip();
        List<String> available = chip.available().stream().map(Kernels::name).toList();
        findings.put(
                "kernels",
                "%s (of %s)".formatted(chip.kernels().name(), String.join(", ", available)));
        findings.put("threads", String.valueOf(compute.threadCount()));
        if (!chip.notice().isEmpty()) {
            findings.put("notice", chip.notice());
        }
    }

    private void examineStore(ModelStore store) throws IOException {
        Path folder = existing(store.root());
        boolean writable = Files.isWritable(folder);
        findings.put(
                "store",
                "%s, %s, %s free"
                        .formatted(
                                store.root(),
                                writable ? "writable" : "not writable",
                                Quantity.bytes(Files.getFileStore(folder).getUsableSpace())));
        if (!writable) {
            problems.add("the model store cannot be written: " + folder);
        }
        List<StoredModel> all = store.list(damage -> problems.add(damage.getMessage()));
        findings.put("models", String.valueOf(all.size()));
        Optional<StoredModel> defaultModel =
                all.stream()
                        .filter(model ->
                                model.name().equals(ModelName.parse(ModelArgument.DEFAULT)))
                        .findFirst();
        findings.put(
                "default", defaultModel.isPresent() ? "here" : "not here; autark pull gets it");
        defaultModel.ifPresent(model -> checkModel(model.file()));
    }

    private void checkModel(Path file) {
        long start = System.nanoTime();
        Optional<String> mistake = SelfCheck.run(file);
        Duration duration = Duration.ofNanos(System.nanoTime() - start);
        findings.put(
                "check",
                mistake.isPresent()
                        ? "failed"
                        : "the default model computes right (%d ms)"
                                .formatted(duration.toMillis()));
        mistake.ifPresent(text -> problems.add("the default model computes wrong: " + text));
    }

    /// The folder, or the one above it that is there already.
    private static Path existing(Path folder) {
        Path path = folder.toAbsolutePath();
        while (!Files.exists(path) && path.getParent() != null) {
            path = path.getParent();
        }
        return path;
    }

    private void printText() {
        PrintWriter out = spec.commandLine().getOut();
        findings.forEach((name, value) -> out.printf(ROW, name, value));
        problems.forEach(problem -> out.printf(ROW, "problem", problem));
        out.printf(ROW, "result", problems.isEmpty() ? "all is well" : "something is wrong");
    }

    private void printJson() {
        ObjectNode object = Json.mapper().createObjectNode();
        findings.forEach(object::put);
        ArrayNode array = object.putArray("problems");
        problems.forEach(array::add);
        spec.commandLine().getOut().println(object.toPrettyString());
    }
}
