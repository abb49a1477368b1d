package autark.cli;

import autark.chip.AvailableMemory;
import autark.chip.Chip;
import autark.chip.Kernels;
import autark.chip.KvType;
import autark.chip.MissingKernelsException;
import autark.chip.WorkerPool;
import autark.engine.EngineOptions;
import autark.model.ModelOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// With what a model is computed: threads and kernels, which change no bit of the result, and how
/// keys and values are kept.
final class ComputeArguments {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "Threads that compute; changes no bit (default: one a core).")
    private @Nullable Integer threads;

    @Option(
            names = "--kernels",
            paramLabel = "SET",
            description =
                    "Kernel set: scalar, avx2, avxvnni, avx512 or neon; changes no bit (default:"
                            + " the fastest that the machine has).")
    private @Nullable String kernels;

    @Option(
            names = "--kv-type",
            paramLabel = "TYPE",
            description =
                    "How keys and values are kept: f16, f32 with twice the memory, or q8_0 with half"
                            + " of it (default: f16).")
    private @Nullable String kvType;

    /// How an engine is opened. Tells on standard error why it runs without machine code, if it
    /// does and nobody asked for that.
    EngineOptions engineOptions() {
        return EngineOptions.defaults().withModel(modelOptions());
    }

    /// How a model is loaded, with the same notice.
    ModelOptions modelOptions() {
        return ModelOptions.defaults()
                .withThreadCount(threadCount())
                .withKernels(noticed())
                .withKvType(kvType())
                .withMemoryBytes(memoryBytes());
    }

    /// Where the system does not tell what is left, what the machine has is a limit at least.
    static long memoryBytes() {
        return AvailableMemory.bytes().isPresent() ? 0 : Machine.totalMemory();
    }

    private KvType kvType() {
        if (kvType == null) {
            return ModelOptions.defaults().kvType();
        }
        return switch (kvType) {
            case "f16" -> KvType.F16;
            case "f32" -> KvType.F32;
            case "q8_0" -> KvType.Q8_0;
            default ->
                    throw new ParameterException(
                            spec.commandLine(),
                            "--kv-type: found %s, expected f16, f32 or q8_0".formatted(kvType));
        };
    }

    int threadCount() {
        if (threads == null) {
            return Chip.current().coreCount();
        }
        if (threads < 1 || threads > WorkerPool.THREAD_COUNT_MAX) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--threads: found %d, expected 1 to %d"
                            .formatted(threads, WorkerPool.THREAD_COUNT_MAX));
        }
        return threads;
    }

    /// The chip with the kernel set of the option in use, else that of [Chip#current].
    ///
    /// @throws ParameterException if this machine lacks the set
    Chip chip() {
        Chip chip = Chip.current();
        if (kernels == null) {
            return chip;
        }
        try {
            return chip.withKernels(kernels);
        } catch (MissingKernelsException e) {
            throw new ParameterException(spec.commandLine(), "--kernels: " + e.getMessage(), e);
        }
    }

    private Kernels noticed() {
        Chip chip = chip();
        if (kernels == null) {
            notice(chip).ifPresent(spec.commandLine().getErr()::println);
        }
        return chip.kernels();
    }

    /// The line that tells why a chip computes without machine code, if it does.
    static Optional<String> notice(Chip chip) {
        return Optional.of(chip.notice())
                .filter(notice -> !notice.isEmpty())
                .map(notice -> "autark: " + notice);
    }
}
