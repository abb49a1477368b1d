package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.cli.pull.HubServer;
import autark.cli.pull.SampleModel;
import autark.engine.EngineOptions;
import autark.engine.store.ModelName;
import autark.engine.store.ModelStore;
import autark.server.http.ApiException;
import autark.server.models.Inventory;
import autark.server.models.Keeper;
import autark.server.models.LoadingCatalog;
import autark.server.models.Opener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreKeeperTest {
    private static final byte[] MODEL = SampleModel.bytes(1);
    private static final String FILE = "hf:owner/repo/Tiny-Q4_0.gguf";

    @TempDir private Path folder;
    private ModelStore store;
    private LoadingCatalog catalog;
    private HubServer hub;
    private StoreKeeper keeper;
    private final List<Keeper.Progress> progress = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        store = ModelStore.open(folder);
        Inventory inventory = new Inventory(store, Inventory.Names.none());
        catalog =
                LoadingCatalog.open(
                        inventory,
                        new LoadingCatalog.Limits(Long.MAX_VALUE, 1, Duration.ofMinutes(5)),
                        Opener.ofFiles(source -> EngineOptions.defaults()),
                        Clock.systemUTC());
        hub = HubServer.start((request, out) -> HubServer.answerAsHub(MODEL, request, out));
        keeper =
                new StoreKeeper(
                        store, catalog, Map.of("HF_ENDPOINT", hub.endpoint()), Clock.systemUTC());
    }

    @AfterEach
    void close() throws IOException {
        catalog.close();
        hub.close();
    }

    @Test
    void modelsComeAreCopiedAndGo() {
        keeper.pull(FILE, progress::add);
        assertThat(names()).containsExactly("tiny:q4_0");
        assertThat(progress).first().extracting(Keeper.Progress::status).asString().contains(FILE);
        assertThat(progress.getLast().completedBytes()).isEqualTo(MODEL.length);
        assertThat(progress.getLast().totalBytes()).isEqualTo(MODEL.length);
        assertThat(progress).hasSizeLessThan(110);
        keeper.copy("tiny:q4_0", "mine");
        assertThat(names()).containsExactly("mine:latest", "tiny:q4_0");
        keeper.delete("tiny:q4_0");
        assertThat(names()).containsExactly("mine:latest");
        assertThat(store.find(ModelName.parse("mine")).orElseThrow().file())
                .hasBinaryContent(MODEL);
    }

    @Test
    void whoWaitsForItCanEndAPull() {
        assertThatThrownBy(() ->
                        keeper.pull(
                                FILE,
                                step -> {
                                    throw new IllegalStateException("the client is away");
                                }))
                .isInstanceOf(IllegalStateException.class);
        keeper.pull(FILE, progress::add);
        assertThat(names()).hasSize(1);
    }

    @Test
    void whatCannotBeDoneIsTold() throws IOException {
        fails(() -> keeper.delete("nobody"), ApiException.Kind.NOT_FOUND, "nobody");
        fails(() -> keeper.copy("nobody", "x"), ApiException.Kind.NOT_FOUND, "nobody");
        fails(() -> keeper.delete("../x"), ApiException.Kind.INVALID, "not a model name");
        fails(
                () -> keeper.pull("nobody", progress::add),
                ApiException.Kind.NOT_FOUND,
                "smollm2:135m");
        keeper.pull(FILE, progress::add);
        fails(() -> keeper.copy("tiny:q4_0", "A B"), ApiException.Kind.INVALID, "not a model name");
        hub.close();
        fails(
                () -> keeper.pull("hf:owner/repo/other.gguf", progress::add),
                ApiException.Kind.UNAVAILABLE,
                "");
    }

    private List<String> names() {
        return catalog.models().stream().map(card -> card.name()).toList();
    }

    private static void fails(ThrowingCallable call, ApiException.Kind kind, String text) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(text);
    }
}
