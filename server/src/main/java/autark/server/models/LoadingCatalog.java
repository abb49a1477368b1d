package autark.server.models;

import autark.engine.Engine;
import autark.model.MemoryShortageException;
import autark.server.http.ApiException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The models of this machine, each loaded when somebody asks it.
///
/// A model is loaded once, in a thread of its own, however many ask for it; all wait for that one
/// load and are told if it fails. A lease keeps it. When nobody has a lease it is idle: it is
/// unloaded after a while, or at once if another model needs its memory, the one that was idle for
/// longest first. A model in use is never unloaded: who asks for one more then is told to come
/// again.
///
/// The lock is held for moments only; engines are opened and closed outside of it. What an engine
/// takes counts from before it is opened until another one takes its place, and that one is opened
/// after it was closed: so the models stay within their limit, but for one that is being closed
/// while another is loaded.
public final class LoadingCatalog implements Catalog, AutoCloseable {
    /// How long a model that could not be loaded is not tried again: everybody who asks is told the
    /// same, and the machine does not read a damaged file over and over.
    static final Duration FAILURE_KEPT = Duration.ofSeconds(10);

    /// When it may be worth another try if all models that are loaded are in use.
    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

    /// Exceptions of ours are written for people.
    private static final String OURS = "autark.";

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Logger LOGGER = System.getLogger(LoadingCatalog.class.getName());

    private final Inventory inventory;
    private final Limits limits;
    private final Opener opener;
    private final Clock clock;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private final Map<ModelSource, Holding> holdings = new HashMap<>();
    private final Map<ModelSource, ModelDetails> details = new ConcurrentHashMap<>();
    private final Map<ModelSource, Failure> failures = new HashMap<>();
    private boolean closed;

    LoadingCatalog(Inventory inventory, Limits limits, Opener opener, Clock clock) {
        this.inventory = inventory;
        this.limits = limits;
        this.opener = opener;
        this.clock = clock;
    }

    /// How much may be loaded, and for how long.
    ///
    /// @param memoryBytes of all models together; [Long#MAX_VALUE] for what the machine has
    /// @param loadedMax most models at once
    /// @param keepAlive how long an idle model stays loaded; [#FOREVER] to keep it until another
    ///   one needs its memory
    public record Limits(long memoryBytes, int loadedMax, Duration keepAlive) {
        public static final Duration FOREVER = Duration.ofDays(36_500);

        public Limits {
            if (memoryBytes < 1 || loadedMax < 1 || keepAlive.isNegative()) {
                throw new IllegalArgumentException(
                        "found %d bytes, %d models, %s"
                                .formatted(memoryBytes, loadedMax, keepAlive));
            }
        }
    }

    /// A catalog that unloads idle models until it is closed.
    public static LoadingCatalog open(
            Inventory inventory, Limits limits, Opener opener, Clock clock) {
        LoadingCatalog catalog = new LoadingCatalog(inventory, limits, opener, clock);
        Thread.ofVirtual().name("autark-idle-models").start(catalog::tick);
        return catalog;
    }

    @Override
    public List<ModelCard> models() {
        return inventory.all().stream().map(ModelSource::card).toList();
    }

    @Override
    public Optional<ModelCard> find(String name) {
        return inventory.find(name).map(ModelSource::card);
    }

    @Override
    public ModelDetails details(String name) {
        ModelSource source = inventory.find(name).orElseThrow(() -> Catalog.unknown(name));
        return details.computeIfAbsent(source, ModelSource::details);
    }

    @Override
    public Lease lease(String name) {
        ModelSource source = inventory.find(name).orElseThrow(() -> Catalog.unknown(name));
        Holding holding = held(source).orElseGet(() -> hold(source, bytes(source)));
        AtomicBoolean released = new AtomicBoolean();
        Runnable release =
                () -> {
                    if (released.compareAndSet(false, true)) {
                        release(holding);
                    }
                };
        try {
            return new Lease(source.card(), holding.engine.join(), release);
        } catch (CompletionException e) {
            release.run();
            throw e.getCause() instanceof ApiException told ? told : e;
        }
    }

    @Override
    public List<LoadedModel> loaded() {
        List<LoadedModel> loaded = new ArrayList<>();
        lock.lock();
        try {
            for (Holding holding : holdings.values()) {
                if (holding.isLoaded()) {
                    loaded.add(
                            new LoadedModel(
                                    holding.source.card(),
                                    holding.bytes,
                                    holding.until(clock.instant()),
                                    holding.engine.join().load()));
                }
            }
        } finally {
            lock.unlock();
        }
        loaded.sort(Comparator.comparing(model -> model.card().name()));
        return loaded;
    }

    @Override
    public void keep(String name, Duration time) {
        Optional<ModelSource> source = inventory.find(name);
        lock.lock();
        try {
            source.map(holdings::get).ifPresent(holding -> holding.keepAlive = time);
        } finally {
            lock.unlock();
        }
        unloadIdle();
    }

    /// Unloads what has been idle for long enough.
    void unloadIdle() {
        List<Holding> ended = new ArrayList<>();
        lock.lock();
        try {
            Instant now = clock.instant();
            for (Holding holding : List.copyOf(holdings.values())) {
                boolean over = holding.until(now).map(until -> !until.isAfter(now)).orElse(false);
                if (holding.isIdle() && over) {
                    holdings.remove(holding.source);
                    ended.add(holding);
                }
            }
        } finally {
            lock.unlock();
        }
        ended.forEach(Holding::unload);
    }

    private void tick() {
        boolean open = true;
        while (open) {
            unloadIdle();
            lock.lock();
            try {
                open = !closed && (closing.awaitNanos(TICK.toNanos()) <= 0 || !closed);
            } catch (InterruptedException e) {
                open = false; // nobody interrupts it but the end of the process
            } finally {
                lock.unlock();
            }
        }
    }

    /// A lease of a model that is loaded or being loaded.
    private Optional<Holding> held(ModelSource source) {
        lock.lock();
        try {
            Optional<Holding> holding = Optional.ofNullable(holdings.get(source));
            holding.ifPresent(found -> found.leases++);
            return holding;
        } finally {
            lock.unlock();
        }
    }

    private long bytes(ModelSource source) {
        checkFailure(source);
        try {
            return opener.bytes(source);
        } catch (RuntimeException e) {
            throw failed(source, e);
        }
    }

    private void checkFailure(ModelSource source) {
        lock.lock();
        try {
            Failure failure = failures.get(source);
            if (failure != null && clock.instant().isBefore(failure.until)) {
                throw failure.told;
            }
            failures.remove(source);
        } finally {
            lock.unlock();
        }
    }

    /// Begins to load a model, unless somebody else has begun meanwhile.
    private Holding hold(ModelSource source, long bytes) {
        lock.lock();
        try {
            if (closed) {
                throw ApiException.of(ApiException.Kind.UNAVAILABLE, "the server is ending");
            }
            Holding present = holdings.get(source);
            if (present != null) {
                present.leases++;
                return present;
            }
            List<Holding> victims = makeRoom(source, bytes);
            Holding holding = new Holding(source, bytes, limits.keepAlive);
            holding.leases = 1;
            holdings.put(source, holding);
            Thread.ofPlatform().daemon().name("autark-load").start(() -> load(holding, victims));
            return holding;
        } finally {
            lock.unlock();
        }
    }

    /// Takes as many idle models away as have to go for one more.
    private List<Holding> makeRoom(ModelSource source, long bytes) {
        if (bytes > limits.memoryBytes) {
            throw ApiException.field(
                    ApiException.Kind.UNAVAILABLE,
                    "model",
                    "model: %s needs %d bytes of memory, more than the %d that models may take here"
                            .formatted(source.name(), bytes, limits.memoryBytes));
        }
        long used = holdings.values().stream().mapToLong(holding -> holding.bytes).sum();
        int count = holdings.size();
        List<Holding> victims = new ArrayList<>();
        for (Holding idle : idle()) {
            if (used + bytes > limits.memoryBytes || count >= limits.loadedMax) {
                victims.add(idle);
                used -= idle.bytes;
                count--;
            }
        }
        if (used + bytes > limits.memoryBytes || count >= limits.loadedMax) {
            throw noRoom(source);
        }
        victims.forEach(victim -> holdings.remove(victim.source));
        return victims;
    }

    /// Models that nobody uses, the one that was used last at the end.
    private List<Holding> idle() {
        return holdings.values().stream()
                .filter(Holding::isIdle)
                .sorted(Comparator.comparing(holding -> holding.idleSince))
                .toList();
    }

    private static ApiException noRoom(ModelSource source) {
        return ApiException.field(
                        ApiException.Kind.UNAVAILABLE,
                        "model",
                        "model: there is no memory for %s now, others are in use"
                                .formatted(source.name()))
                .withRetryAfter(RETRY_AFTER);
    }

    private void load(Holding holding, List<Holding> victims) {
        try {
            victims.forEach(Holding::unload);
            Instant begin = clock.instant();
            Engine engine = opened(holding.source);
            LOGGER.log(
                    Level.INFO,
                    "loaded {0} in {1} ms",
                    holding.source.name(),
                    Long.toString(Duration.between(begin, clock.instant()).toMillis()));
            if (!holding.engine.complete(engine)) {
                engine.close();
            }
        } catch (RuntimeException | Error e) {
            ApiException told = failed(holding.source, e);
            lock.lock();
            try {
                holdings.remove(holding.source, holding);
            } finally {
                lock.unlock();
            }
            holding.engine.completeExceptionally(told);
        }
    }

    /// The machine may have less memory than the limits say; then, too, idle models have to go.
    private Engine opened(ModelSource source) {
        while (true) {
            try {
                return opener.open(source);
            } catch (MemoryShortageException e) {
                takeIdle().orElseThrow(() -> e).unload();
            }
        }
    }

    private Optional<Holding> takeIdle() {
        lock.lock();
        try {
            Optional<Holding> idle = idle().stream().findFirst();
            idle.ifPresent(victim -> holdings.remove(victim.source));
            return idle;
        } finally {
            lock.unlock();
        }
    }

    /// What clients are told of a model that cannot be loaded, for a while; the log says why.
    private ApiException failed(ModelSource source, Throwable cause) {
        String message = "cannot load %s: %s".formatted(source.name(), cause.getMessage());
        if (cause.getClass().getName().startsWith(OURS)) {
            LOGGER.log(Level.ERROR, message); // it says all
        } else {
            LOGGER.log(Level.ERROR, message, cause);
        }
        ApiException told =
                cause instanceof MemoryShortageException
                        ? noRoom(source)
                        : ApiException.field(
                                        ApiException.Kind.UNAVAILABLE,
                                        "model",
                                        "model: %s cannot be loaded; the log of the server says why"
                                                .formatted(source.name()))
                                .withRetryAfter(FAILURE_KEPT);
        lock.lock();
        try {
            failures.values().removeIf(failure -> !clock.instant().isBefore(failure.until));
            failures.put(source, new Failure(told, clock.instant().plus(FAILURE_KEPT)));
        } finally {
            lock.unlock();
        }
        return told;
    }

    private void release(Holding holding) {
        lock.lock();
        try {
            holding.leases--;
            holding.idleSince = clock.instant();
        } finally {
            lock.unlock();
        }
        unloadIdle();
    }

    /// Unloads all models. Answers that are being written fail.
    @Override
    public void close() {
        List<Holding> all;
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
            all = List.copyOf(holdings.values());
            holdings.clear();
        } finally {
            lock.unlock();
        }
        for (Holding holding : all) {
            holding.engine.completeExceptionally(
                    ApiException.of(ApiException.Kind.UNAVAILABLE, "the server is ending"));
            holding.unload();
        }
    }

    private record Failure(ApiException told, Instant until) {}

    /// A model that is loaded, or being loaded for those who have leases. The lock guards what
    /// changes.
    private static final class Holding {
        final ModelSource source;
        final long bytes;
        final CompletableFuture<Engine> engine = new CompletableFuture<>();
        int leases;
        Duration keepAlive;
        Instant idleSince = Instant.EPOCH;

        Holding(ModelSource source, long bytes, Duration keepAlive) {
            this.source = source;
            this.bytes = bytes;
            this.keepAlive = keepAlive;
        }

        boolean isLoaded() {
            return engine.isDone() && !engine.isCompletedExceptionally();
        }

        boolean isIdle() {
            return leases == 0 && isLoaded();
        }

        /// When the model is unloaded; empty for never. As long as it is in use, the time begins
        /// anew.
        Optional<Instant> until(Instant now) {
            return keepAlive.compareTo(Limits.FOREVER) >= 0
                    ? Optional.empty()
                    : Optional.of((leases > 0 ? now : idleSince).plus(keepAlive));
        }

        void unload() {
            if (isLoaded()) {
                engine.join().close();
                LOGGER.log(Level.INFO, "unloaded {0}", source.name());
            }
        }
    }
}
