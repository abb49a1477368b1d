package autark.cli;

import autark.cli.pull.CatalogueEntry;
import autark.cli.pull.HubFile;
import autark.cli.pull.PullException;
import autark.cli.pull.PullListener;
import autark.cli.pull.Puller;
import autark.engine.store.Incoming;
import autark.engine.store.ModelName;
import autark.engine.store.ModelStore;
import autark.engine.store.StoreException;
import autark.engine.store.StoredModel;
import autark.server.http.ApiException;
import autark.server.models.Catalog;
import autark.server.models.Keeper;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Changes the model store on behalf of clients that may: as `pull` and `rm` do it, one pull at a
/// time.
final class StoreKeeper implements Keeper {
    private final ModelStore store;
    private final Catalog catalog;
    private final Map<String, String> environment;
    private final Clock clock;
    private final ReentrantLock pulling = new ReentrantLock();

    /// @param catalog unloads what is deleted
    /// @param environment says how the hub is reached
    StoreKeeper(ModelStore store, Catalog catalog, Map<String, String> environment, Clock clock) {
        this.store = store;
        this.catalog = catalog;
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public void pull(String name, Consumer<Progress> progress) {
        if (!pulling.tryLock()) {
            throw ApiException.of(
                    ApiException.Kind.CONFLICT,
                    "another model is being pulled; try again when it is here");
        }
        try {
            told(() -> pull(name, new Puller(store, environment, clock, listener(progress))));
        } finally {
            pulling.unlock();
        }
    }

    private static StoredModel pull(String name, Puller puller) {
        if (name.startsWith(HubFile.PREFIX)) {
            HubFile file = HubFile.parse(name);
            return puller.pull(file, NameFromFile.of(file.fileName()), Optional.empty());
        }
        CatalogueEntry entry =
                CatalogueEntry.find(ModelName.parse(name))
                        .orElseThrow(() ->
                                ApiException.of(
                                        ApiException.Kind.NOT_FOUND,
                                        "model: found a name that is not known, expected"
                                                + " hf:owner/repository/file or one of "
                                                + CatalogueEntry.all().stream()
                                                        .map(CatalogueEntry::name)
                                                        .toList()));
        return puller.pull(entry);
    }

    /// Passes on what is noted, and each percent.
    private static PullListener listener(Consumer<Progress> progress) {
        return new PullListener() {
            private long percent = -1;

            @Override
            public void note(String line) {
                progress.accept(new Progress(line.strip(), "", 0, 0));
            }

            @Override
            public void progress(long bytes, long totalBytes) {
                long reached = totalBytes == 0 ? 0 : bytes * 100 / totalBytes;
                if (reached != percent) {
                    percent = reached;
                    progress.accept(new Progress("pulling", "", totalBytes, bytes));
                }
            }
        };
    }

    @Override
    public void copy(String from, String to) {
        told(() -> {
            StoredModel model = stored(from);
            try (Incoming incoming =
                    store.receive(ModelName.parse(to), model.sha256(), model.bytes(), () -> {})) {
                return incoming.commit(
                        model.origin(), clock.instant().truncatedTo(ChronoUnit.SECONDS));
            }
        });
    }

    @Override
    public void delete(String name) {
        told(() -> {
            StoredModel model = stored(name);
            catalog.keep(name, Duration.ZERO);
            return store.remove(model.name());
        });
    }

    private StoredModel stored(String name) {
        return store.find(ModelName.parse(name)).orElseThrow(() -> Catalog.unknown(name));
    }

    private interface Work {
        Object run();
    }

    /// Tells the client what the store and the sources say: both write for people.
    private static void told(Work work) {
        try {
            work.run();
        } catch (StoreException | CommandException e) {
            throw ApiException.of(ApiException.Kind.INVALID, String.valueOf(e.getMessage()));
        } catch (PullException e) {
            throw ApiException.of(ApiException.Kind.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }
}
