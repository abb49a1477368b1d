package autark.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.engine.store.Incoming;
import autark.engine.store.ModelName;
import autark.engine.store.ModelStore;
import autark.engine.store.Origin;
import autark.engine.store.Sha256;
import autark.server.config.AdapterFile;
import autark.server.http.ApiException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InventoryTest {
    @TempDir private Path folder;
    private ModelStore store;

    @BeforeEach
    void fill() throws IOException {
        store = ModelStore.open(folder.resolve("store"));
        put("small:latest", "1");
        put("small:135m", "2");
        put("hidden:v1", "3");
    }

    private void put(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve("source"), content);
        try (Incoming incoming =
                store.receive(
                        ModelName.parse(name), Sha256.ofFile(file), Files.size(file), () -> {})) {
            incoming.write(ByteBuffer.wrap(Files.readAllBytes(file)));
            incoming.verify();
            incoming.commit(new Origin("test", "none"), Instant.EPOCH);
        }
    }

    private Inventory inventory() {
        return new Inventory(
                store,
                new Inventory.Names(
                        Map.of(
                                "Own", folder.resolve("own.gguf"),
                                "hidden:v1", folder.resolve("h.gguf")),
                        Map.of("gpt", "small:135m", "chat", "OWN", "lost", "nowhere"),
                        Map.of(
                                "Support",
                                new AdapterFile("small", folder.resolve("lora")),
                                "baseless",
                                new AdapterFile("nowhere", folder.resolve("lora")))));
    }

    @Test
    void aNameIsFoundInAllItsSpellings() {
        assertFound("small", "small:latest");
        assertFound("small:latest", "small:latest");
        assertFound("SMALL:135M", "small:135m");
        assertFound("own", "Own");
        assertFound("own:latest", "Own");
        assertFound("GPT", "small:135m");
        assertFound("chat:latest", "Own");
    }

    @Test
    void whatIsNotHereIsNotFound() {
        for (String name :
                new String[] {
                    "", "small:", "small:7b", "lost", "nowhere", "baseless", "../x", "a b"
                }) {
            assertThat(inventory().find(name)).as(name).isEmpty();
        }
    }

    @Test
    void aFileOfTheConfigurationHidesAModelOfTheStore() {
        assertThat(inventory().find("hidden:v1").map(ModelSource::file))
                .contains(folder.resolve("h.gguf"));
        assertThat(inventory().all())
                .extracting(ModelSource::name)
                .containsExactly("Own", "Support", "hidden:v1", "small:135m", "small:latest");
    }

    @Test
    void anAdapterMakesAModelOfAnother() {
        ModelSource made = inventory().find("support:latest").orElseThrow();
        ModelSource base = inventory().find("small").orElseThrow();
        assertThat(made.name()).isEqualTo("Support");
        assertThat(made.adapter()).contains(folder.resolve("lora"));
        assertThat(made.file()).isEqualTo(base.file());
        assertThat(made).isNotEqualTo(base);
    }

    @Test
    void modelsThatComeAndGoAreSeen() throws IOException {
        Inventory inventory = inventory();
        put("new", "4");
        assertThat(inventory.find("new")).isPresent();
        store.remove(ModelName.parse("new"));
        assertThat(inventory.find("new")).isEmpty();
    }

    @Test
    void aDamagedModelIsToldWithoutItsPath() throws IOException {
        Path file = store.find(ModelName.parse("small:135m")).orElseThrow().file();
        Files.delete(file);
        assertThatThrownBy(() -> inventory().find("gpt"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("small:135m is damaged")
                .hasMessageNotContaining(folder.toString());
        assertThat(inventory().all()).hasSize(4);
    }

    private void assertFound(String asked, String name) {
        assertThat(inventory().find(asked).map(ModelSource::name))
                .as(asked)
                .isEqualTo(Optional.of(name));
    }
}
