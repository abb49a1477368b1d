package autark.cli;

import autark.engine.EngineOptions;
import autark.engine.PrefixFolder;
import autark.engine.store.StoredModel;
import autark.server.config.ByteSize;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Optional<Path> cache = folder(environment, "XDG_CACHE_HOME", ".cache");
        Optional<Path> data = folder(environment, "XDG_DATA_HOME", ".local/share");
        if (off || model.isEmpty() || cache.isEmpty() || data.isEmpty()) {
            return options;
        }
        long cap = choice == null || choice.size == null ? CAP_BYTES : choice.size.bytes();
        try {
            Files.createDirectories(cache.get());
            Files.createDirectories(data.get());
        } catch (IOException e) {
            notes.println(
                    "autark: what is read will not survive this command: cannot create "
                            + e.getMessage());
            return options;
        }
        return options.withPrefixFolder(
                new PrefixFolder(
                        cache.get().resolve("prefixes"),
                        data.get().resolve("prefixes.key"),
                        cap,
                        model.get().sha256().hex()));
    }

    /// The standard of these folders says that a relative one is to be ignored.
    private static Optional<Path> folder(
            Map<String, String> environment, String variable, String underHome) {
        Path named = Path.of(environment.getOrDefault(variable, ""));
        if (named.isAbsolute()) {
            return Optional.of(named.resolve("autark"));
        }
        String home = environment.getOrDefault("HOME", "");
        return home.isEmpty()
                ? Optional.empty()
                : Optional.of(Path.of(home, underHome, "autark").toAbsolutePath());
    }
}
