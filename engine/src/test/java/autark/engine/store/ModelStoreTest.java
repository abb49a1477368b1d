package autark.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class ModelStoreTest {
    private static final ModelName NAME = ModelName.parse("sample:tiny");

    @TempDir private Path folder;
    private ModelStore store;

    @BeforeEach
    void openStore() {
        store = ModelStore.open(folder.resolve("models"));
    }

    @Test
    void aStoreThatIsNotThereIsEmpty() {
        assertThat(store.find(NAME)).isEmpty();
        assertThat(list()).isEmpty();
        assertThat(store.remove(NAME)).isFalse();
        assertThat(store.root()).doesNotExist();
    }

    @Test
    void keepsWhatCameIn() throws IOException {
        StoredModel added = SampleFile.addTo(store, "sample:tiny");
        assertThat(store.find(NAME)).contains(added);
        assertThat(list()).containsExactly(added);
        assertThat(added.name()).isEqualTo(NAME);
        assertThat(added.sha256()).isEqualTo(SampleFile.SHA256);
        assertThat(added.bytes()).isEqualTo(SampleFile.BYTES);
        assertThat(added.origin()).isEqualTo(SampleFile.ORIGIN);
        assertThat(added.added()).isEqualTo(SampleFile.ADDED);
        assertThat(added.file())
                .isEqualTo(store.root().resolve("blobs/sha256-" + SampleFile.SHA256))
                .hasBinaryContent(SampleFile.content());
        assertThat(Files.getPosixFilePermissions(added.file()))
                .isEqualTo(PosixFilePermissions.fromString("r--------"));
        assertThat(store.root().resolve("names/sample/tiny.json")).exists();
        assertThat(store.root().resolve("incoming")).isEmptyDirectory();
    }

    @Test
    void listsByName() {
        SampleFile.addTo(store, "b:2");
        SampleFile.addTo(store, "b:1");
        SampleFile.addTo(store, "a:9");
        assertThat(list())
                .extracting(model -> model.name().toString())
                .containsExactly("a:9", "b:1", "b:2");
    }

    @Test
    void goesOnWhereAnEarlierAttemptEnded() {
        ByteBuffer content = ByteBuffer.wrap(SampleFile.content());
        try (Incoming first = receive()) {
            first.write(content.slice(0, 300));
        }
        try (Incoming second = receive()) {
            assertThat(second.bytes()).isEqualTo(300);
            assertThat(second.complete()).isFalse();
            second.write(content.slice(300, 700));
            second.verify();
            assertThat(second.file()).hasBinaryContent(SampleFile.content());
            second.commit(SampleFile.ORIGIN, SampleFile.ADDED);
        }
        assertThat(store.find(NAME)).isPresent();
    }

    @Test
    void handsNothingOutBeforeItIsVerified() {
        try (Incoming incoming = receive()) {
            incoming.write(ByteBuffer.wrap(SampleFile.content()));
            assertThatIllegalStateException().isThrownBy(incoming::file);
            assertThatIllegalStateException()
                    .isThrownBy(() -> incoming.commit(SampleFile.ORIGIN, SampleFile.ADDED));
        }
        assertThat(store.find(NAME)).isEmpty();
    }

    @Test
    void refusesAndForgetsAFileWithAnotherDigest() {
        byte[] content = SampleFile.content();
        content[500]++;
        try (Incoming incoming = receive()) {
            incoming.write(ByteBuffer.wrap(content));
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(incoming::verify)
                    .withMessageContaining("expected " + SampleFile.SHA256)
                    .withMessageContaining("nothing of it was kept");
        }
        try (Incoming again = receive()) {
            assertThat(again.bytes()).isZero();
        }
    }

    @Test
    void refusesTooFewAndTooManyBytes() {
        try (Incoming incoming = receive()) {
            incoming.write(ByteBuffer.wrap(SampleFile.content(), 0, 999));
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(incoming::verify)
                    .withMessage("the file has 999 bytes, expected 1000");
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> incoming.write(ByteBuffer.allocate(2)))
                    .withMessage("more bytes than the 1000 that were announced");
            assertThat(incoming.bytes()).isEqualTo(999);
        }
    }

    @Test
    void dropsALeftoverThatIsTooLong() throws IOException {
        receive().close();
        Path part = store.root().resolve("incoming/sha256-" + SampleFile.SHA256 + ".part");
        Files.write(part, new byte[SampleFile.BYTES + 1]);
        try (Incoming incoming = receive()) {
            assertThat(incoming.bytes()).isZero();
        }
    }

    @Test
    void twoNamesShareOneFile() {
        StoredModel first = SampleFile.addTo(store, "first");
        ModelName secondName = ModelName.parse("second");
        try (Incoming incoming =
                store.receive(secondName, SampleFile.SHA256, SampleFile.BYTES, () -> {})) {
            assertThat(incoming.complete()).isTrue();
            assertThat(incoming.file()).isEqualTo(first.file());
            incoming.commit(SampleFile.ORIGIN, SampleFile.ADDED);
        }
        assertThat(store.remove(first.name())).isTrue();
        assertThat(first.file()).exists();
        assertThat(list()).extracting(model -> model.name().name()).containsExactly("second");
        assertThat(store.remove(secondName)).isTrue();
        assertThat(first.file()).doesNotExist();
        assertThat(store.root().resolve("names")).isEmptyDirectory();
    }

    @Test
    void aNameKeepsItsMeaning() {
        StoredModel first = SampleFile.addTo(store, "sample:tiny");
        byte[] other = "another file".getBytes(StandardCharsets.UTF_8);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> SampleFile.add(store, "sample:tiny", other))
                .withMessageContaining("the name sample:tiny means another file");
        assertThat(store.find(NAME)).contains(first);
    }

    @Test
    void takingTheSameFileInAgainChangesNothing() {
        StoredModel first = SampleFile.addTo(store, "sample:tiny");
        try (Incoming incoming = receive()) {
            assertThat(incoming.complete()).isTrue();
            Origin other = new Origin("elsewhere", "unknown");
            assertThat(incoming.commit(other, SampleFile.ADDED.plusSeconds(1))).isEqualTo(first);
        }
        assertThat(store.find(NAME)).contains(first);
    }

    @Test
    void aFileThatWasRemovedMeanwhileIsNotCommitted() {
        StoredModel first = SampleFile.addTo(store, "first");
        try (Incoming incoming = receive()) {
            assertThat(incoming.complete()).isTrue();
            store.remove(first.name());
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> incoming.commit(SampleFile.ORIGIN, SampleFile.ADDED))
                    .withMessageContaining("try again");
        }
        assertThat(list()).isEmpty();
    }

    @Test
    void refusesWhatCannotFit() {
        long huge = Long.MAX_VALUE - 1;
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.receive(NAME, SampleFile.SHA256, huge, () -> {}))
                .withMessageContaining("bytes free, the file needs " + huge);
    }

    @Test
    void discardsWhatIsNotWanted() {
        try (Incoming incoming = receive()) {
            incoming.write(ByteBuffer.wrap(SampleFile.content()));
            incoming.verify();
            incoming.discard();
            assertThat(store.root().resolve("incoming")).isEmptyDirectory();
            assertThatIllegalStateException().isThrownBy(incoming::file);
        }
        StoredModel kept = SampleFile.addTo(store, "sample:tiny");
        try (Incoming incoming = receive()) {
            incoming.discard();
        }
        assertThat(kept.file()).exists();
    }

    @Test
    void findsAFileThatChangedInTheStore() throws IOException {
        StoredModel model = SampleFile.addTo(store, "sample:tiny");
        store.verify(model);
        Files.setPosixFilePermissions(model.file(), PosixFilePermissions.fromString("rw-------"));
        byte[] content = SampleFile.content();
        content[0]++;
        Files.write(model.file(), content);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.verify(model))
                .withMessageContaining("expected " + SampleFile.SHA256);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | no JSON object",
                "[] | no JSON object",
                "{} | field name is missing",
                "{\"name\":\"other:tag\"} | another name",
                "{\"name\":[]} | field name is no plain value",
                "{\"name\":\"sample:tiny\"} | field sha256 is missing",
                "{\"name\":\"sample:tiny\",\"sha256\":\"../../x\"} | not a SHA-256",
                "{\"name\":\"sample:tiny\",\"name\":\"sample:tiny\"} | Duplicate",
                "{\"name\" | no manifest",
                "{} {} | something follows",
                "{\"name\":\"sample:tiny\",\"sha256\":\"%s\",\"bytes\":1e9} | no manifest",
            })
    void namesADamagedManifest(String json, String reason) throws IOException {
        SampleFile.addTo(store, "good");
        SampleFile.addTo(store, "sample:tiny");
        Path manifest = store.root().resolve("names/sample/tiny.json");
        Files.writeString(manifest, json.formatted(SampleFile.SHA256));
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.find(NAME))
                .withMessageContaining("damaged at " + manifest)
                .withMessageContaining(reason);
        List<StoreException> damages = new ArrayList<>();
        assertThat(store.list(damages::add))
                .extracting(model -> model.name().name())
                .containsExactly("good");
        assertThat(damages).hasSize(1);
        assertThat(store.remove(NAME)).isTrue();
        assertThat(list()).hasSize(1);
    }

    @Test
    void aFieldThatNobodyKnowsIsNotIgnored() throws IOException {
        SampleFile.addTo(store, "sample:tiny");
        Path manifest = store.root().resolve("names/sample/tiny.json");
        String json = Files.readString(manifest);
        Files.writeString(manifest, json.replace("{", "{\"later\":1,"));
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.find(NAME))
                .withMessageContaining("unknown fields [later]");
    }

    @Test
    void aFileThatADamagedNameMayMeanStays() throws IOException {
        StoredModel model = SampleFile.addTo(store, "sample:tiny");
        SampleFile.addTo(store, "damaged");
        Files.writeString(store.root().resolve("names/damaged/latest.json"), "");
        assertThat(store.remove(NAME)).isTrue();
        assertThat(model.file()).exists();
    }

    @Test
    void tellsOfAFileThatIsGone() throws IOException {
        StoredModel model = SampleFile.addTo(store, "sample:tiny");
        Files.delete(model.file());
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.find(NAME))
                .withMessageContaining("is missing or has not 1000 bytes");
        SampleFile.addTo(store, "sample:tiny");
        assertThat(store.find(NAME)).contains(model);
    }

    @Test
    void tellsOfNamesThatAreNone() throws IOException {
        SampleFile.addTo(store, "good");
        Files.createFile(store.root().resolve("names/good/LATEST.json"));
        Files.createFile(store.root().resolve("names/good/note.txt"));
        List<StoreException> damages = new ArrayList<>();
        assertThat(store.list(damages::add)).hasSize(1);
        assertThat(damages).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "/models, /data, /home/me, /models",
        "'', /data, /home/me, /data/autark/models",
        "'', relative, /home/me, /home/me/.local/share/autark/models",
        "'', '', /home/me, /home/me/.local/share/autark/models",
    })
    void theEnvironmentNamesTheFolder(String models, String data, String home, Path expected) {
        assertThat(
                        ModelStore.standardRoot(
                                Map.of(
                                        "AUTARK_MODELS", models,
                                        "XDG_DATA_HOME", data,
                                        "HOME", home)))
                .isEqualTo(expected);
    }

    @Test
    void saysWhatToSetWithoutAHome() {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> ModelStore.standardRoot(Map.of()))
                .withMessageContaining("set AUTARK_MODELS");
    }

    private Incoming receive() {
        return store.receive(NAME, SampleFile.SHA256, SampleFile.BYTES, () -> {});
    }

    private List<StoredModel> list() {
        return store.list(damage -> {
            throw damage;
        });
    }
}
