package autark.cli;

import autark.chip.Chip;
import autark.chip.WorkerPool;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How many threads compute.
final class ThreadsOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "Threads that compute; changes no bit (default: one a core).")
    private @Nullable Integer threads;

    int count() {
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
}
