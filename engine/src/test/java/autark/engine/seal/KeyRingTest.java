package autark.engine.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
    @TempDir private Path folder;

    private Path keyFile() {
        return folder.resolve("keys").resolve("root.key");
    }

    @Test
    void aNewKeyIsForItsOwnerOnlyAndStays() throws IOException {
        String name;
        try (KeyRing ring = KeyRing.open(keyFile())) {
            name = ring.folderName("ann");
        }
        byte[] bytes = Files.readAllBytes(keyFile());

        assertThat(bytes).hasSize(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile())))
                .isEqualTo("rw-------");
        try (KeyRing ring = KeyRing.open(keyFile())) {
            assertThat(ring.folderName("ann")).isEqualTo(name);
        }
        assertThat(Files.readAllBytes(keyFile())).isEqualTo(bytes);
        try (Stream<Path> files = Files.list(keyFile().getParent())) {
            assertThat(files).containsExactly(keyFile());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-"})
    void aKeyFileThatOthersMayReadIsRefused(String permissions) throws IOException {
        KeyRing.open(keyFile()).close();
        Files.setPosixFilePermissions(keyFile(), PosixFilePermissions.fromString(permissions));

        assertThatThrownBy(() -> KeyRing.open(keyFile()))
                .isInstanceOf(SealException.class)
                .hasMessageContaining(keyFile().toString())
                .hasMessageContaining(permissions)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void aReadOnlyKeyFileOrALinkToOneIsFine() throws IOException {
        KeyRing.open(keyFile()).close();
        Files.setPosixFilePermissions(keyFile(), PosixFilePermissions.fromString("r--------"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), keyFile());
        try (KeyRing ring = KeyRing.open(keyFile());
                KeyRing linked = KeyRing.open(link)) {
            assertThat(linked.folderName("ann")).isEqualTo(ring.folderName("ann"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33, 4000})
    void aKeyFileOfAnotherSizeIsRefused(int size) throws IOException {
        KeyRing.open(keyFile()).close();
        Files.write(keyFile(), new byte[size]);

        assertThatThrownBy(() -> KeyRing.open(keyFile()))
                .isInstanceOf(SealException.class)
                .hasMessageContaining(size > 32 ? "has more bytes" : "has " + size + " bytes")
                .hasMessageContaining("expected 32")
                .hasMessageContaining("delete it");
    }

    @Test
    void aFolderInPlaceOfTheKeyFileIsRefused() throws IOException {
        Files.createDirectories(keyFile());
        Files.setPosixFilePermissions(keyFile(), PosixFilePermissions.fromString("rw-------"));

        assertThatThrownBy(() -> KeyRing.open(keyFile()))
                .isInstanceOf(SealException.class)
                .hasMessageContaining(keyFile().toString());
    }

    @Test
    void firstStartsAtTheSameMomentAgree() throws Exception {
        for (int round = 0; round < 20; round++) {
            Path file = folder.resolve("round" + round).resolve("root.key");
            List<String> names = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                List<Future<String>> all = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    all.add(threads.submit(() -> nameBy(file)));
                }
                for (Future<String> one : all) {
                    names.add(one.get());
                }
            }
            assertThat(names).containsOnly(names.getFirst());
        }
    }

    @Test
    void aWrappedKeyOpensForItsTenantAndRootOnly() {
        try (KeyRing ring = KeyRing.open(keyFile());
                KeyRing other = KeyRing.open(folder.resolve("other.key"));
                SealKey key = ring.newKey()) {
            byte[] wrapped = ring.wrap("ann", key);

            assertThat(wrapped).hasSize(KeyRing.WRAPPED_BYTES);
            assertThat(ring.unwrap("ann", wrapped).orElseThrow().copy()).isEqualTo(key.copy());
            assertThat(ring.unwrap("bob", wrapped)).isEmpty();
            assertThat(other.unwrap("ann", wrapped)).isEmpty();
            for (int at = 0; at < wrapped.length; at++) {
                byte[] bad = wrapped.clone();
                bad[at] ^= 1;
                assertThat(ring.unwrap("ann", bad)).as("byte %d", at).isEmpty();
            }
            assertThat(ring.unwrap("ann", new byte[0])).isEmpty();
            assertThat(ring.unwrap("ann", new byte[41])).isEmpty();
        }
    }

    @Test
    void newKeysDiffer() {
        try (KeyRing ring = KeyRing.open(keyFile());
                SealKey first = ring.newKey();
                SealKey second = ring.newKey()) {
            assertThat(first.copy()).isNotEqualTo(second.copy());
            assertThat(ring.uniqueName()).matches("[0-9a-f]{16}").isNotEqualTo(ring.uniqueName());
        }
    }

    @Test
    void namesTellNothingAndDiffer() {
        try (KeyRing ring = KeyRing.open(keyFile());
                KeyRing other = KeyRing.open(folder.resolve("other.key"))) {
            List<String> names =
                    List.of(
                            ring.folderName("ann"),
                            ring.folderName("bob"),
                            other.folderName("ann"),
                            ring.fileName("ann", "x"),
                            ring.fileName("bob", "x"),
                            ring.fileName("ann", "y"),
                            ring.fileName("an", "nx"),
                            other.fileName("ann", "x"));

            assertThat(names).doesNotHaveDuplicates().allMatch(n -> n.matches("[0-9a-f]{64}"));
        }
    }

    private static String nameBy(Path file) {
        try (KeyRing ring = KeyRing.open(file)) {
            return ring.folderName("ann");
        }
    }
}
