package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.Chip;
import autark.cli.pull.SampleModel;
import autark.engine.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The life of a model in the store, as the commands show it.
final class StoreCommandsTest {
    private static final byte[] MODEL = SampleModel.bytes(1);

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void writeModel() throws IOException {
        file = Files.write(folder.resolve("Tiny-Q4_0.gguf"), MODEL);
    }

    @Test
    void anEmptyStoreSaysWhatToDo() {
        CommandRun run = run("list");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("autark pull smollm2:135m");
        assertThat(Json.mapper().readTree(run("list", "--json").out())).isEmpty();
    }

    @Test
    void importListShowAndRemove() {
        CommandRun imported = run("import", file.toString());
        assertThat(imported.err()).startsWith("getting tiny:q4_0 from file:");
        assertThat(imported.out()).isEqualTo("tiny:q4_0 (262.3 kB)" + System.lineSeparator());
        assertThat(run("import", file.toString(), "--name", "other").exitCode()).isZero();
        assertThat(run("list").out().lines().skip(1))
                .hasSize(2)
                .first()
                .asString()
                .matches("other:latest +262.3 kB +F32 +\\d{4}-\\d\\d-\\d\\d");
        CommandRun removed = run("rm", "tiny:q4_0", "other");
        assertThat(removed.exitCode()).isZero();
        assertThat(removed.out().lines())
                .containsExactly("removed tiny:q4_0", "removed other:latest");
        assertThat(folder.resolve("models/blobs")).isEmptyDirectory();
    }

    @Test
    void theListIsJsonOnDemand() {
        run("import", file.toString());
        JsonNode model = Json.mapper().readTree(run("list", "--json").out()).get(0);
        assertThat(model.get("name").asString()).isEqualTo("tiny:q4_0");
        assertThat(model.get("bytes").asInt()).isEqualTo(MODEL.length);
        assertThat(model.get("type").asString()).isEqualTo("F32");
        assertThat(model.get("sha256").asString()).isEqualTo(SampleModel.sha256(MODEL));
        assertThat(model.get("source").asString()).isEqualTo("file:" + file);
        assertThat(model.get("licence").asString()).isEqualTo("mit");
    }

    @Test
    void aDamagedModelDoesNotHideTheOthers() throws IOException {
        run("import", file.toString(), "--name", "good");
        run("import", file.toString(), "--name", "bad");
        Files.writeString(folder.resolve("models/names/bad/latest.json"), "{}");
        CommandRun run = run("list");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("good:latest").doesNotContain("bad:latest");
        assertThat(run.err()).contains("the model store is damaged at");
    }

    @Test
    void showTellsWhatAModelIs() {
        run("import", file.toString());
        assertThat(run("show", "tiny:q4_0").out().lines())
                .contains(
                        "architecture   llama",
                        "parameters     65.5 K",
                        "storage        F32: 100.0 % of the parameters, 1 tensors, 262.1 kB",
                        "chat template  none",
                        "licence        mit",
                        "source         file:" + file,
                        "sha256         " + SampleModel.sha256(MODEL));
        JsonNode json = Json.mapper().readTree(run("show", "tiny:q4_0", "--json").out());
        assertThat(json.get("parameters").asInt()).isEqualTo(1 << 16);
        assertThat(json.get("storage").get(0).get("type").asString()).isEqualTo("F32");
        assertThat(json.get("sha256").asString()).isEqualTo(SampleModel.sha256(MODEL));
    }

    @Test
    void showReadsAFileThatIsNotInTheStore() {
        CommandRun run = run("show", file.toString(), "--json");
        assertThat(run.exitCode()).isZero();
        JsonNode json = Json.mapper().readTree(run.out());
        assertThat(json.get("licence").asString()).isEqualTo("mit");
        assertThat(json.has("sha256")).isFalse();
    }

    @Test
    void showVerifies() throws IOException {
        run("import", file.toString());
        CommandRun run = run("show", "tiny:q4_0", "--verify");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("the file has its SHA-256");
        Path blob = folder.resolve("models/blobs/sha256-" + SampleModel.sha256(MODEL));
        Files.delete(blob);
        byte[] changed = MODEL.clone();
        changed[MODEL.length - 1]++;
        Files.write(blob, changed);
        CommandRun broken = run("show", "tiny:q4_0", "--verify");
        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(broken.err()).contains("damaged", "expected " + SampleModel.sha256(MODEL));
    }

    @Test
    void whatIsMissingIsSaid() {
        run("import", file.toString());
        fails("no chat template", "show", "tiny:q4_0", "--template");
        fails("no model other:latest here", "show", "other");
        fails("no model other:latest here", "rm", "other");
        fails("no such model file: ./x.gguf", "show", "./x.gguf");
        fails("no such file: x.gguf", "import", "x.gguf");
        fails("only a model of the store", "show", file.toString(), "--verify");
        fails("other:latest is not known by name (smollm2:135m is)", "pull", "other");
        fails("expected hf:owner/repository/file", "pull", "hf:owner");
    }

    @Test
    void aFileThatIsNoModelIsNotImported() throws IOException {
        Path text = Files.writeString(folder.resolve("text.gguf"), "no model");
        fails("GGUF", "import", text.toString());
        assertThat(folder.resolve("models/incoming")).isEmptyDirectory();
        assertThat(run("list").out()).startsWith("No models here");
    }

    @Test
    void aFailedPullTellsWhatWasTried() {
        CommandRun run = run("pull", "smollm2:135m");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("could not get smollm2:135m; tried:", "hf:QuantFactory/", "no pip");
    }

    @Test
    void theDoctorTellsWhatIsHere() {
        CommandRun run = run("doctor");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("java         " + Runtime.version())
                .contains("store        " + folder.resolve("models") + ", writable")
                .contains("bandwidth    ", " GB/s", "multiply     ", " G multiply-adds/s")
                .contains("twins        all kernel sets give the same bits")
                .contains("default      not here", "result       all is well");
    }

    @Test
    void theDoctorTellsProgramsNumbers() {
        CommandRun run = run("doctor", "--json", "--threads", "1", "--kernels", "scalar");
        JsonNode json = Json.mapper().readTree(run.out());
        assertThat(json.get("kernels").asString()).isEqualTo("scalar");
        assertThat(json.get("kernelSets").get(0).asString()).isEqualTo("scalar");
        assertThat(json.get("threads").isInt()).isTrue();
        assertThat(json.get("threads").asInt()).isEqualTo(1);
        assertThat(json.get("twinsEqual").isBoolean()).isTrue();
        assertThat(json.get("twinsEqual").asBoolean()).isTrue();
        assertThat(json.get("problems")).isEmpty();
        for (String name :
                new String[] {
                    "memoryBytes",
                    "availableBytes",
                    "heapBytes",
                    "memoryBytesPerSecond",
                    "multiplyAddsPerSecond",
                    "storeFreeBytes",
                }) {
            assertThat(json.get(name).isNumber()).as(name).isTrue();
            assertThat(json.get(name).asDouble()).as(name).isPositive();
        }
    }

    @Test
    void theDoctorNamesWhatIsWrong() throws IOException {
        run("import", file.toString());
        Files.writeString(folder.resolve("models/names/tiny/q4_0.json"), "{}");
        CommandRun run = run("doctor");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains("problem      the model store is damaged at")
                .contains("result       something is wrong");
    }

    @Test
    void aRehearsalNeedsNoModelAndFetchesNone() {
        CommandRun run = run("rehearse");
        assertThat(run.exitCode()).isZero();
        boolean assembled = Chip.current().available().size() > 1;
        assertThat(run.out().strip())
                .isEqualTo(assembled ? "assembled kernels" : "plain Java kernels");
        assertThat(run.err()).isEmpty();
        assertThat(run("list").out()).contains("No models here");
    }

    private CommandRun run(String... arguments) {
        Map<String, String> environment =
                Map.of(
                        "AUTARK_MODELS",
                        folder.resolve("models").toString(),
                        "HF_HUB_OFFLINE",
                        "1",
                        "PATH",
                        "");
        return CommandRun.of(environment, arguments);
    }

    private void fails(String reason, String... arguments) {
        CommandRun run = run(arguments);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("autark: ", reason);
    }
}
