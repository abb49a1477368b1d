package autark.model.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Opens thousands of damaged model files in a process of its own with 256 MiB of memory.
///
/// `-Dautark.fuzz.count=1000000` and `-Dautark.fuzz.seed=N` make a longer run or another one.
final class GgufFuzzTest {
    private static final int COUNT = Integer.getInteger("autark.fuzz.count", 20_000);
    private static final long SEED = Long.getLong("autark.fuzz.seed", 1);
    private static final Pattern RESULT =
            Pattern.compile(
                    "\\{FILE_REFUSED=(\\d+), TEXT_REFUSED=(\\d+), MODEL_REFUSED=(\\d+),"
                            + " WORKING=(\\d+)}, 0 failed");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void mutantsAreRefusedByNameOrWork() throws IOException, InterruptedException {
        String output = run("-Xmx256m", SEED, COUNT);
        Matcher result = RESULT.matcher(output);
        assertThat(result.find()).as(output).isTrue();
        int sum = 0;
        for (int group = 1; group <= result.groupCount(); group++) {
            int count = Integer.parseInt(result.group(group));
            assertThat(count).as("outcome %d of %s", group, output).isGreaterThan(COUNT / 20);
            sum += count;
        }
        assertThat(sum).isEqualTo(COUNT);
    }

    private String run(String memory, long seed, int count)
            throws IOException, InterruptedException {
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        memory,
                        "-ea",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath(),
                        GgufFuzz.class.getName(),
                        Long.toString(seed),
                        "0",
                        Integer.toString(count),
                        folder.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /// The modules of this test as a class path: the child has no need of modules.
    private static String classPath() {
        return String.join(
                File.pathSeparator,
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path", ""),
                Path.of("target", "test-classes").toAbsolutePath().toString());
    }
}
