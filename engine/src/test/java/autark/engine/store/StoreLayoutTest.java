package autark.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Symbolic links planted in the store lead nowhere.
@Timeout(60)
final class StoreLayoutTest {
    private static final ModelName NAME = ModelName.parse("sample");

    @TempDir private Path folder;
    private Path outside;
    private Path root;

    @BeforeEach
    void plantAStore() throws IOException {
        outside = Files.createDirectory(folder.resolve("outside"));
        root = Files.createDirectory(folder.resolve("store"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"blobs", "incoming", "locks"})
    void foldersThatAreLinksAreRefused(String name) throws IOException {
        Files.createSymbolicLink(root.resolve(name), outside);
        refusesToReceive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"blobs/sha256-%s", "incoming/sha256-%s.part", "locks/sha256-%s"})
    void filesThatAreLinksAreRefused(String name) throws IOException {
        Path victim = Files.writeString(outside.resolve("victim"), "untouched");
        Path planted = root.resolve(name.formatted(SampleFile.SHA256));
        Files.createDirectories(planted.getParent());
        Files.createSymbolicLink(planted, victim);
        refusesToReceive();
        assertThat(victim).hasContent("untouched");
    }

    @Test
    void aNameThatIsALinkIsRefused() throws IOException {
        Files.createDirectory(root.resolve("names"));
        Files.createSymbolicLink(root.resolve("names/a"), outside);
        Files.createDirectory(root.resolve("names/b"));
        Files.createSymbolicLink(root.resolve("names/b/latest.json"), outside.resolve("x"));
        ModelStore store = ModelStore.open(root);
        for (String name : new String[] {"a", "b"}) {
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> store.find(ModelName.parse(name)))
                    .withMessageContaining("is a symbolic link");
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> store.remove(ModelName.parse(name)))
                    .withMessageContaining("is a symbolic link");
        }
    }

    @Test
    void theRootItselfMayBeALink() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), root);
        SampleFile.addTo(ModelStore.open(link), "a");
        assertThat(ModelStore.open(root).find(ModelName.parse("a"))).isPresent();
    }

    private void refusesToReceive() throws IOException {
        ModelStore store = ModelStore.open(root);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(
                        () -> store.receive(NAME, SampleFile.SHA256, SampleFile.BYTES, () -> {}))
                .withMessageContaining("is a symbolic link");
        try (var files = Files.list(outside)) {
            assertThat(files.filter(file -> !file.endsWith("victim"))).isEmpty();
        }
    }
}
