package autark.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.engine.Engine;
import autark.engine.ScriptedEngines;
import autark.engine.store.ModelStore;
import autark.model.MemoryNeed;
import autark.server.http.ApiException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoadingCatalogTest {
    private static final Duration KEEP_ALIVE = Duration.ofMinutes(5);
    private static final Map<String, Long> BYTES = Map.of("a", 40L, "b", 30L, "c", 50L, "d", 101L);

    private final SetClock clock = new SetClock();
    private final List<String> opened = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> catalogs = new ArrayList<>();
    @TempDir private Path folder;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable catalog : catalogs) {
            catalog.close();
        }
    }

    private LoadingCatalog catalog(LoadingCatalog.Limits limits, Function<String, Engine> open) {
        Inventory inventory =
                new Inventory(
                        ModelStore.open(folder.resolve("store")),
                        new Inventory.Names(
                                Map.of(
                                        "a", folder.resolve("a.gguf"),
                                        "b", folder.resolve("b.gguf"),
                                        "c", folder.resolve("c.gguf"),
                                        "d", folder.resolve("d.gguf")),
                                Map.of("best", "a"),
                                Map.of()));
        Opener opener =
                new Opener() {
                    @Override
                    public long bytes(ModelSource source) {
                        return BYTES.getOrDefault(source.name(), 0L);
                    }

                    @Override
                    public Engine open(ModelSource source) {
                        opened.add(source.name());
                        return open.apply(source.name());
                    }
                };
        LoadingCatalog catalog = new LoadingCatalog(inventory, limits, opener, clock);
        catalogs.add(catalog);
        return catalog;
    }

    private LoadingCatalog catalog() {
        return catalog(new LoadingCatalog.Limits(100, 2, KEEP_ALIVE), ScriptedEngines::saying);
    }

    private static List<String> loaded(LoadingCatalog catalog) {
        return catalog.loaded().stream().map(model -> model.card().name()).toList();
    }

    private static void use(LoadingCatalog catalog, String name) {
        catalog.lease(name).close();
    }

    @Test
    void aModelIsLoadedWhenItIsAskedAndOnceOnly() {
        LoadingCatalog catalog = catalog();
        assertThat(loaded(catalog)).isEmpty();
        try (Lease first = catalog.lease("a");
                Lease second = catalog.lease("BEST")) {
            assertThat(second.engine()).isSameAs(first.engine());
            assertThat(second.card().name()).isEqualTo("a");
        }
        assertThat(opened).containsExactly("a");
        assertThat(catalog.loaded().getFirst().bytes()).isEqualTo(40);
    }

    @Test
    void allWhoAskWaitForOneLoad() throws InterruptedException {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        LoadingCatalog catalog =
                catalog(
                        new LoadingCatalog.Limits(100, 2, KEEP_ALIVE),
                        name -> {
                            loading.countDown();
                            await(go);
                            return ScriptedEngines.saying(name);
                        });
        List<CompletableFuture<Lease>> askers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            askers.add(
                    CompletableFuture.supplyAsync(
                            () -> catalog.lease("a"), Thread::startVirtualThread));
        }
        loading.await();
        assertThat(loaded(catalog)).isEmpty();
        go.countDown();
        assertThat(askers.stream().map(CompletableFuture::join).map(Lease::engine).distinct())
                .hasSize(1);
        assertThat(opened).containsExactly("a");
    }

    @Test
    void aFailedLoadIsToldForAWhileAndTriedAgainLater() {
        List<String> failing = new ArrayList<>(List.of("a"));
        LoadingCatalog catalog =
                catalog(
                        new LoadingCatalog.Limits(100, 2, KEEP_ALIVE),
                        name -> {
                            if (failing.contains(name)) {
                                throw new IllegalStateException("/secret/path is damaged");
                            }
                            return ScriptedEngines.saying(name);
                        });
        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(ApiException.class)
                    .isThrownBy(() -> catalog.lease("a"))
                    .withMessage("model: a cannot be loaded; the log of the server says why")
                    .matches(e -> e.kind() == ApiException.Kind.UNAVAILABLE)
                    .matches(e -> e.retryAfter().equals(LoadingCatalog.FAILURE_KEPT));
        }
        assertThat(opened).containsExactly("a");
        use(catalog, "b");
        failing.clear();
        clock.pass(LoadingCatalog.FAILURE_KEPT);
        use(catalog, "a");
        assertThat(opened).containsExactly("a", "b", "a");
    }

    @Test
    void theModelThatWasIdleForLongestMakesRoom() {
        LoadingCatalog catalog = catalog();
        use(catalog, "a");
        clock.pass(Duration.ofSeconds(1));
        use(catalog, "b");
        clock.pass(Duration.ofSeconds(1));
        use(catalog, "a");
        use(catalog, "c");
        assertThat(loaded(catalog)).containsExactly("a", "c");
    }

    @Test
    void theModelsStayWithinTheirMemory() {
        LoadingCatalog catalog =
                catalog(new LoadingCatalog.Limits(100, 4, KEEP_ALIVE), ScriptedEngines::saying);
        use(catalog, "a");
        use(catalog, "b");
        assertThat(loaded(catalog)).containsExactly("a", "b");
        use(catalog, "c");
        assertThat(loaded(catalog)).hasSize(2).contains("c");
        assertUnavailable(() -> catalog.lease("d"), "needs 101 bytes of memory");
        assertThat(loaded(catalog)).hasSize(2);
    }

    @Test
    void aModelInUseIsNeverUnloaded() {
        LoadingCatalog catalog = catalog();
        try (Lease lease = catalog.lease("a")) {
            use(catalog, "b");
            clock.pass(KEEP_ALIVE.plusSeconds(1));
            catalog.unloadIdle();
            assertThat(loaded(catalog)).containsExactly("a");
            try (Lease other = catalog.lease("b")) {
                assertThat(other.engine()).isNotSameAs(lease.engine());
                assertUnavailable(() -> catalog.lease("c"), "others are in use");
            }
            assertThat(answer(lease.engine())).isEqualTo("a");
        }
        use(catalog, "c");
    }

    @Test
    void anIdleModelIsUnloadedAfterItsTime() {
        LoadingCatalog catalog = catalog();
        use(catalog, "a");
        use(catalog, "b");
        catalog.keep("b", LoadingCatalog.Limits.FOREVER);
        assertThat(catalog.loaded().getFirst().until()).contains(clock.instant().plus(KEEP_ALIVE));
        assertThat(catalog.loaded().getLast().until()).isEmpty();
        clock.pass(KEEP_ALIVE.minusSeconds(1));
        catalog.unloadIdle();
        assertThat(loaded(catalog)).containsExactly("a", "b");
        clock.pass(Duration.ofSeconds(1));
        catalog.unloadIdle();
        assertThat(loaded(catalog)).containsExactly("b");
        catalog.keep("b", Duration.ZERO);
        assertThat(loaded(catalog)).isEmpty();
    }

    @Test
    void aModelThatIsNotKeptGoesWithItsLastLease() {
        LoadingCatalog catalog =
                catalog(new LoadingCatalog.Limits(100, 2, Duration.ZERO), ScriptedEngines::saying);
        Lease first = catalog.lease("a");
        Lease second = catalog.lease("a");
        first.close();
        first.close();
        assertThat(loaded(catalog)).containsExactly("a");
        second.close();
        assertThat(loaded(catalog)).isEmpty();
    }

    @Test
    void idleModelsGoIfTheMachineHasLessMemoryThanTheLimit() {
        List<String> tooLarge = new ArrayList<>(List.of("b"));
        LoadingCatalog catalog =
                catalog(
                        new LoadingCatalog.Limits(100, 2, KEEP_ALIVE),
                        name -> {
                            if (tooLarge.remove(name)) {
                                new MemoryNeed(1, 1, 1).check(name, 0);
                            }
                            return ScriptedEngines.saying(name);
                        });
        use(catalog, "a");
        use(catalog, "b");
        assertThat(loaded(catalog)).containsExactly("b");
        assertThat(opened).containsExactly("a", "b", "b");
    }

    @Test
    void anUnknownModelIsNotFound() {
        assertThatThrownBy(() -> catalog().lease("nobody"))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.kind()).isEqualTo(ApiException.Kind.NOT_FOUND));
    }

    @Test
    void aClosedCatalogLoadsNothing() {
        LoadingCatalog catalog = catalog();
        use(catalog, "a");
        catalog.close();
        assertThat(loaded(catalog)).isEmpty();
        assertUnavailable(() -> catalog.lease("a"), "the server is ending");
    }

    private static String answer(Engine engine) {
        return engine.ask("?").result().text();
    }

    private static void assertUnavailable(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.kind()).isEqualTo(ApiException.Kind.UNAVAILABLE))
                .hasMessageContaining(message);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
