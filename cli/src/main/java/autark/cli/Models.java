package autark.cli;

import autark.cli.pull.CatalogueEntry;
import autark.cli.pull.HubFile;
import autark.cli.pull.Puller;
import autark.engine.store.ModelName;
import autark.engine.store.ModelStore;
import autark.engine.store.Sha256;
import autark.engine.store.StoredModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The models of this machine, and the way to more of them, as the commands use both.
///
/// @param environment the variables of the process, which say where the store is and how the hub is
///   reached
record Models(Map<String, String> environment) {
    /// The store.
    ///
    /// @throws autark.engine.store.StoreException if the variables name no place for it
    ModelStore store() {
        return ModelStore.open(ModelStore.standardRoot(environment));
    }

    /// Gets a model of the catalogue, unless it is here; tells the progress on `err`.
    StoredModel pull(CatalogueEntry entry, PrintWriter err) {
        return pulling(err, puller -> puller.pull(entry));
    }

    /// Gets a file of the hub, unless it is here; tells the progress on `err`.
    StoredModel pull(HubFile file, ModelName name, Optional<Sha256> sha256, PrintWriter err) {
        return pulling(err, puller -> puller.pull(file, name, sha256));
    }

    /// Copies a file of this machine, unless it is here; tells the progress on `err`.
    StoredModel pull(Path file, ModelName name, Optional<Sha256> sha256, PrintWriter err) {
        return pulling(err, puller -> puller.pull(file, name, sha256));
    }

    private StoredModel pulling(PrintWriter err, Function<Puller, StoredModel> pull) {
        boolean interactive = Terminal.ERROR.hasControls(environment);
        try (ProgressBar bar = new ProgressBar(err, interactive, System::nanoTime)) {
            return pull.apply(new Puller(store(), environment, Clock.systemUTC(), bar));
        }
    }
}
