package autark.cli;

import autark.engine.EngineOptions;
import autark.engine.PrefixFolder;
import autark.engine.store.StoredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Where beginnings that were read are kept on disk: in the user's cache folder, their key in the
/// data folder.
final class PrefixPlace {
    private PrefixPlace() {}

    /// These options with a folder for the model's prefixes, if the user has a place for it.
    ///
    /// @param notes is told why there is none
    static EngineOptions over(
            EngineOptions options,
            StoredModel model,
            long capBytes,
            Map<String, String> environment,
            Consumer<String> notes) {
        Optional<Path> cache = folder(environment, "XDG_CACHE_HOME", ".cache");
        Optional<Path> data = folder(environment, "XDG_DATA_HOME", ".local/share");
        if (cache.isEmpty() || data.isEmpty()) {
            return options;
        }
        try {
            Files.createDirectories(cache.get());
            Files.createDirectories(data.get());
        } catch (IOException e) {
            notes.accept(
                    "autark: what is read will not survive this command: cannot create "
                            + e.getMessage());
            return options;
        }
        return options.withPrefixFolder(
                new PrefixFolder(
                        cache.get().resolve("prefixes"),
                        data.get().resolve("prefixes.key"),
                        capBytes,
                        model.sha256().hex()));
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
