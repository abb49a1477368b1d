package autark.cli;

import autark.engine.EngineOptions;
import autark.engine.store.StoredModel;
import autark.server.config.ByteSize;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// Whether beginnings that were read survive a restart. They do for the models of the store: only
/// of those it is known for certain what is in the file.
final class PrefixArguments {
    private static final long CAP_BYTES = 2_000_000_000;

    private static final class Choice {
        @Option(
                names = "--prefix-cache",
                paramLabel = "SIZE",
                description =
                        "Disk space for what was read, so that it is not read again after a"
                                + " restart; sealed by a key that you alone can read (default:"
                                + " 2GB; models of the store only).")
        private @Nullable ByteSize size;

        @Option(
                names = "--no-prefix-cache",
                description = "Nothing that was read survives the command.")
        private boolean off;
    }

    @ArgGroup private @Nullable Choice choice;

    /// These options with a folder for the model's prefixes, if there is to be one and the user has
    /// a place for it.
    ///
    /// @param notes is told why there is none
    EngineOptions over(
            EngineOptions options,
            Optional<StoredModel> model,
            Map<String, String> environment,
            PrintWriter notes) {
        boolean off = choice != null && choice.off;
        long cap = choice == null || choice.size == null ? CAP_BYTES : choice.size.bytes();
        return off || model.isEmpty()
                ? options
                : PrefixPlace.over(options, model.get(), cap, environment, notes::println);
    }
}
