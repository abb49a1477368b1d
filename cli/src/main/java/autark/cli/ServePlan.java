package autark.cli;

import autark.chip.Chip;
import autark.chip.KvType;
import autark.engine.EngineOptions;
import autark.engine.Speculation;
import autark.engine.store.ModelStore;
import autark.model.ModelOptions;
import autark.server.access.Books;
import autark.server.config.Configuration;
import autark.server.config.Setting;
import autark.server.config.Settings;
import autark.server.http.DoorOptions;
import autark.server.http.Limits;
import autark.server.http.Transport;
import autark.server.models.Catalog;
import autark.server.models.Inventory;
import autark.server.models.Keeper;
import autark.server.models.LoadingCatalog;
import autark.server.models.ModelSource;
import autark.server.observe.Log;
import autark.server.observe.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What the settings of a server mean: the parts that it is made of.
final class ServePlan {
    /// Running answers have so long when the server ends; with what comes after it is within ten
    /// seconds.
    private static final Duration SHUTDOWN = Duration.ofSeconds(8);

    /// Longest template file; longer ones are none.
    private static final long TEMPLATE_BYTES_MAX = 1 << 20;

    private final Configuration settings;
    private final Map<String, String> environment;
    private final Consumer<String> notes;

    /// @param notes is told what the owner should know
    ServePlan(Configuration settings, Map<String, String> environment, Consumer<String> notes) {
        this.settings = settings;
        this.environment = environment;
        this.notes = notes;
    }

    Configuration settings() {
        return settings;
    }

    /// Keys, accounts and what clients keep.
    ///
    /// @throws autark.server.access.BooksException if the data folder cannot be used
    /// @throws CommandException if keys are needed and there is none
    Books books(Clock clock) {
        boolean local = isForThisMachine();
        Books books =
                Books.open(
                        dataFolder(),
                        local ? Books.Reach.THIS_MACHINE : Books.Reach.OTHER_MACHINES,
                        clock);
        if (!local && !books.hasKeys()) {
            books.close();
            throw new CommandException(
                    "others than people on this machine could come in, and there is no key yet; make"
                            + " one: autark keys create NAME");
        }
        return books;
    }

    /// Whether people on this machine alone can come in: nobody is sent by a proxy.
    boolean isForThisMachine() {
        DoorOptions door = door();
        return door.isLocal() && !(door.transport() instanceof Transport.PlainBehindProxy);
    }

    Path dataFolder() {
        return Books.standardFolder(environment);
    }

    /// Keys are asked for always if other machines can come in, so the door may take for granted
    /// that they are.
    ///
    /// @throws autark.server.http.ServerException if there cannot be such a door
    DoorOptions door() {
        return DoorOptions.at(settings.get(Settings.HOST), settings.get(Settings.PORT))
                .withKeys(DoorOptions.Keys.ASKED)
                .withHosts(new HashSet<>(settings.find(Settings.HOSTS).orElse(List.of())))
                .withOrigins(new HashSet<>(settings.find(Settings.ORIGINS).orElse(List.of())))
                .withTransport(transport())
                .withLimits(Limits.standard().withShutdown(SHUTDOWN));
    }

    private Transport transport() {
        Optional<Path> store = pair(Settings.TLS_STORE, Settings.TLS_PASSWORD);
        Optional<Path> certificate = pair(Settings.TLS_CERTIFICATE, Settings.TLS_KEY);
        boolean proxy = settings.get(Settings.BEHIND_PROXY);
        long ways =
                List.of(store.isPresent(), certificate.isPresent(), proxy).stream()
                        .filter(way -> way)
                        .count();
        if (ways > 1) {
            throw new CommandException(
                    "found several of server.tls_certificate, server.tls_store and"
                            + " server.behind_proxy, expected one");
        }
        if (store.isPresent()) {
            return new Transport.Pkcs12(store.get(), settings.get(Settings.TLS_PASSWORD));
        }
        if (certificate.isPresent()) {
            return new Transport.Pem(certificate.get(), settings.get(Settings.TLS_KEY));
        }
        return proxy ? new Transport.PlainBehindProxy() : new Transport.Plain();
    }

    /// The first of two settings that go together.
    private Optional<Path> pair(Setting<Path> one, Setting<Path> other) {
        Optional<Path> first = settings.find(one);
        if (first.isPresent() != settings.find(other).isPresent()) {
            throw new CommandException(
                    "%s and %s go together; found one of them".formatted(one.key(), other.key()));
        }
        return first;
    }

    /// What clients call the model that is loaded at the start.
    String model() {
        String named = settings.get(Settings.MODEL);
        return ModelArgument.isPath(named)
                ? NameFromFile.of(Path.of(named).getFileName().toString()).toString()
                : named;
    }

    Inventory inventory() {
        Map<String, Path> files = new HashMap<>(settings.find(Settings.FILES).orElse(Map.of()));
        String named = settings.get(Settings.MODEL);
        if (ModelArgument.isPath(named)) {
            files.put(model(), Path.of(named));
        }
        return new Inventory(
                store(),
                new Inventory.Names(
                        files,
                        settings.find(Settings.ALIASES).orElse(Map.of()),
                        settings.find(Settings.ADAPTERS).orElse(Map.of())));
    }

    ModelStore store() {
        return ModelStore.open(ModelStore.standardRoot(environment));
    }

    /// Changes the models of the store for clients that may.
    Keeper keeper(Catalog catalog, Clock clock) {
        return new StoreKeeper(store(), catalog, environment, clock);
    }

    LoadingCatalog.Limits limits() {
        long memory = settings.get(Settings.MEMORY);
        return new LoadingCatalog.Limits(
                memory == 0 ? Long.MAX_VALUE : memory,
                settings.get(Settings.MAX_LOADED),
                settings.get(Settings.KEEP_ALIVE));
    }

    /// How the engine of a model is opened.
    EngineOptions engine(ModelSource source) {
        int parallel = settings.get(Settings.PARALLEL);
        EngineOptions options =
                EngineOptions.defaults()
                        .withModel(modelOptions())
                        .withRunningMax(parallel)
                        .withAnswersMax(Math.max(parallel, settings.get(Settings.QUEUE)))
                        .withKeyValueBytes(settings.get(Settings.KV_MEMORY))
                        .withSpeculation(speculation(source))
                        .withChatTemplate(template(source));
        EngineOptions adapted = source.adapter().map(options::withAdapter).orElse(options);
        long prefixBytes = settings.get(Settings.PREFIX_CACHE);
        return prefixBytes == 0 || source.stored().isEmpty()
                ? adapted
                : PrefixPlace.over(adapted, source.stored().get(), prefixBytes, environment, notes);
    }

    private ModelOptions modelOptions() {
        Chip chip = chip();
        int threads = settings.get(Settings.THREADS);
        return ModelOptions.defaults()
                .withThreadCount(threads == 0 ? chip.coreCount() : threads)
                .withContextLength(settings.get(Settings.CONTEXT))
                .withKernels(chip.kernels())
                .withKvType(KvType.valueOf(settings.get(Settings.KV_TYPE).toUpperCase(Locale.ROOT)))
                .withMemoryBytes(ComputeArguments.memoryBytes());
    }

    /// The chip with the kernels of the settings.
    ///
    /// @throws autark.chip.MissingKernelsException if this machine lacks them
    Chip chip() {
        String kernels = settings.get(Settings.KERNELS);
        Chip chip = Chip.current();
        return kernels.equals("fastest") ? chip : chip.withKernels(kernels);
    }

    private Speculation speculation(ModelSource source) {
        Optional<String> draft = byName(Settings.DRAFTS, source);
        if (draft.isPresent()) {
            return new Speculation.DraftModel(
                    inventory().find(draft.get()).orElseThrow(() -> absent(draft.get())).file());
        }
        return settings.get(Settings.SPECULATION).equals("off")
                ? new Speculation.Off()
                : new Speculation.PromptLookup();
    }

    private String template(ModelSource source) {
        return byName(Settings.TEMPLATES, source).map(ServePlan::text).orElse("");
    }

    private static String text(Path template) {
        try {
            if (Files.size(template) > TEMPLATE_BYTES_MAX) {
                throw new CommandException(
                        "%s: found %d bytes, expected a chat template of at most %d"
                                .formatted(template, Files.size(template), TEMPLATE_BYTES_MAX));
            }
            return Streams.text(Files.readAllBytes(template), template.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> Optional<T> byName(Setting<Map<String, T>> table, ModelSource source) {
        for (Map.Entry<String, T> entry : settings.find(table).orElse(Map.of()).entrySet()) {
            boolean meant = inventory().find(entry.getKey()).filter(source::equals).isPresent();
            if (meant) {
                return Optional.of(entry.getValue());
            }
        }
        return Optional.empty();
    }

    /// What the owner is told of a model that is not here.
    static CommandException absent(String model) {
        return new CommandException(
                "no model %s here; autark list shows those that are; get it: autark pull %s"
                        .formatted(model, model));
    }

    Log log(Clock clock, Consumer<String> sink) {
        return new Log(
                Log.Form.valueOf(settings.get(Settings.LOG_FORMAT).toUpperCase(Locale.ROOT)),
                Log.Level.valueOf(settings.get(Settings.LOG_LEVEL).toUpperCase(Locale.ROOT)),
                clock,
                sink);
    }

    Metrics.Names metrics() {
        return settings.get(Settings.METRICS_COMPAT).equals("vllm")
                ? Metrics.Names.OWN_AND_VLLM
                : Metrics.Names.OWN;
    }
}
