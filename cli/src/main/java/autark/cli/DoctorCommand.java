package autark.cli;

import autark.chip.AvailableMemory;
import autark.chip.Chip;
import autark.chip.Kernels;
import autark.chip.MemoryBandwidth;
import autark.chip.MultiplyRate;
import autark.chip.TwinCheck;
import autark.chip.WorkerPool;
import autark.engine.store.ModelName;
import autark.engine.store.ModelStore;
import autark.engine.store.StoreException;
import autark.engine.store.StoredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `autark doctor`: what Autark finds on this machine, and whether it computes right here.
@Command(
        name = "doctor",
        description = {
            "Tells what Autark finds on this machine, measures it, and checks that it computes right.",
            "",
            "Each kernel is held against its twin in plain Java, and the default model, if it is"
                    + " here, runs on a few tokens. The exit code is 1 if something is wrong.",
        },
        footerHeading = "%nExamples:%n",
        footer = {"  autark doctor", "  autark doctor --json"})
final class DoctorCommand implements Callable<Integer> {
    private static final Runtime.Version OLDEST_JAVA = Runtime.Version.parse("25.0.3");
    private static final double PER_GIGA = 1e9;

    private final Models models;
    private final Findings findings = new Findings();

    @Spec private CommandSpec spec;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    @Mixin private ComputeArguments compute;

    DoctorCommand(Models models) {
        this.models = models;
    }

    @Override
    public Integer call() throws IOException {
        Chip chip = compute.chip();
        int threadCount = compute.threadCount();
        findings.tell("autark", Version.number());
        examineMachine();
        examineKernels(chip, threadCount);
        measure(chip, threadCount);
        checkTwins(chip);
        try {
            examineStore(models.store());
        } catch (StoreException e) {
            findings.problem(String.valueOf(e.getMessage()));
        }
        if (json) {
            findings.printJson(spec.commandLine().getOut());
        } else {
            findings.printText(spec.commandLine().getOut());
        }
        return findings.isWell() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void examineMachine() throws IOException {
        Machine machine = Machine.ofProcess();
        findings.tell("java", machine.java());
        findings.tell("system", machine.system());
        findings.tell("processor", machine.processor());
        findings.tell("features", String.join(" ", machine.features()));
        OptionalLong available = AvailableMemory.bytes();
        String left =
                available.isPresent()
                        ? Quantity.bytes(available.getAsLong()) + " of it free, "
                        : "";
        findings.show(
                "memory",
                "%s, %sJava heap at most %s"
                        .formatted(
                                Quantity.bytes(machine.memoryBytes()),
                                left,
                                Quantity.bytes(machine.heapBytes())));
        findings.number("memoryBytes", machine.memoryBytes());
        available.ifPresent(bytes -> findings.number("availableBytes", bytes));
        findings.number("heapBytes", machine.heapBytes());
        if (Runtime.version().compareToIgnoreOptional(OLDEST_JAVA) < 0) {
            findings.problem(
                    "Java %s may move objects that native code is reading; expected %s or newer"
                            .formatted(Runtime.version(), OLDEST_JAVA));
        }
    }

    private void examineKernels(Chip chip, int threadCount) {
        List<String> available = chip.available().stream().map(Kernels::name).toList();
        findings.show(
                "kernels",
                "%s (of %s)".formatted(chip.kernels().name(), String.join(", ", available)));
        findings.text("kernels", chip.kernels().name());
        findings.list("kernelSets", available);
        findings.show("threads", String.valueOf(threadCount));
        findings.number("threads", threadCount);
        if (!chip.notice().isEmpty()) {
            findings.tell("notice", chip.notice());
        }
    }

    private void measure(Chip chip, int threadCount) {
        try (WorkerPool pool = WorkerPool.start(threadCount)) {
            OptionalDouble bandwidth = MemoryBandwidth.bytesPerSecond(pool);
            findings.show(
                    "bandwidth",
                    bandwidth.isPresent()
                            ? String.format(
                                    Locale.ROOT, "%.1f GB/s", bandwidth.getAsDouble() / PER_GIGA)
                            : "not measured, for want of memory");
            bandwidth.ifPresent(value -> findings.number("memoryBytesPerSecond", value));
            double rate = MultiplyRate.perSecond(chip.kernels(), pool);
            findings.show(
                    "multiply",
                    String.format(
                            Locale.ROOT,
                            "%.1f G multiply-adds/s, 4-bit weights by int8",
                            rate / PER_GIGA));
            findings.number("multiplyAddsPerSecond", rate);
        }
    }

    /// Each kernel of each set against its twin in plain Java.
    private void checkTwins(Chip chip) {
        long start = System.nanoTime();
        Kernels twin = chip.available().getFirst();
        boolean equal = true;
        for (Kernels kernels : chip.available()) {
            Optional<String> mistake =
                    kernels.equals(twin) ? Optional.empty() : TwinCheck.mistake(kernels, twin);
            if (mistake.isPresent()) {
                equal = false;
                findings.problem(
                        "kernels %s: %s gives other bits than %s"
                                .formatted(kernels.name(), mistake.get(), twin.name()));
            }
        }
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        findings.show(
                "twins",
                equal
                        ? "all kernel sets give the same bits (%d ms)".formatted(millis)
                        : "kernel sets differ");
        findings.truth("twinsEqual", equal);
        findings.number("twinsMillis", millis);
    }

    private void examineStore(ModelStore store) throws IOException {
        Path folder = existing(store.root());
        boolean writable = Files.isWritable(folder);
        long free = Files.getFileStore(folder).getUsableSpace();
        findings.tell(
                "store",
                "%s, %s, %s free"
                        .formatted(
                                store.root(),
                                writable ? "writable" : "not writable",
                                Quantity.bytes(free)));
        findings.number("storeFreeBytes", free);
        if (!writable) {
            findings.problem("the model store cannot be written: " + folder);
        }
        List<StoredModel> all =
                store.list(damage -> findings.problem(String.valueOf(damage.getMessage())));
        findings.show("models", String.valueOf(all.size()));
        findings.number("models", all.size());
        Optional<StoredModel> defaultModel =
                all.stream()
                        .filter(model ->
                                model.name().equals(ModelName.parse(ModelArgument.DEFAULT)))
                        .findFirst();
        findings.tell(
                "default", defaultModel.isPresent() ? "here" : "not here; autark pull gets it");
        defaultModel.ifPresent(model -> checkModel(model.file()));
    }

    private void checkModel(Path file) {
        long start = System.nanoTime();
        Optional<String> mistake = SelfCheck.run(file);
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        findings.show(
                "check",
                mistake.isPresent()
                        ? "failed"
                        : "the default model computes right (%d ms)".formatted(millis));
        findings.truth("modelRight", mistake.isEmpty());
        findings.number("modelMillis", millis);
        mistake.ifPresent(text -> findings.problem("the default model computes wrong: " + text));
    }

    /// The folder, or the one above it that is there already.
    private static Path existing(Path folder) {
        Path path = folder.toAbsolutePath();
        while (!Files.exists(path) && path.getParent() != null) {
            path = path.getParent();
        }
        return path;
    }
}
