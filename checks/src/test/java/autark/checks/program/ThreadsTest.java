package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The program takes the cores that it was given, and none while it has nothing to do.
class ThreadsTest {
    private static final String[] RUN = {
        "run", "--seed", "0", "--max-tokens", "8", "What is the capital of France?"
    };

    private static final String[] BENCH = {
        "bench",
        DefaultModel.NAME,
        "--prompt-tokens=2",
        "--generate-tokens=1",
        "--repetitions=1",
        "--json"
    };

    /// Two hundredths of the second that is watched; the system counts in steps of half of that.
    private static final Duration IDLE_MAX = Duration.ofMillis(20);

    private static final int IDLE_SECONDS_MAX = 10;

    @BeforeAll
    static void getModel() {
        DefaultModel.file();
    }

    @Test
    void oneCoreOfTheMachineMeansOneThreadAndTheSameAnswer() {
        Program.Result bench = before(List.of("taskset", "-c", "0"), BENCH);
        Program.Result answer = before(List.of("taskset", "-c", "0"), RUN);

        assertThat(threads(bench)).isEqualTo(1);
        assertThat(answer.text()).isEqualTo(Program.run(RUN).mustSucceed().text());
    }

    /// A share of a core, as containers get it, is one processor to Java.
    @Test
    void aShareOfACoreMeansOneThreadAndTheSameAnswer() {
        Map<String, String> share = Map.of("JAVA_TOOL_OPTIONS", "-XX:ActiveProcessorCount=1");
        Program.Result bench = with(share, Program.of(BENCH)).run().mustSucceed();
        Program.Result answer = with(share, Program.of(RUN)).run().mustSucceed();

        assertThat(threads(bench)).isEqualTo(1);
        assertThat(answer.text()).isEqualTo(Program.run(RUN).mustSucceed().text());
    }

    /// A conversation that waits for its person. The compilers of the virtual machine may be at
    /// work for a moment after the answer, so one quiet second of several counts.
    @Test
    void anOpenEngineThatWaitsTakesNoProcessor() throws IOException, InterruptedException {
        Process chat =
                new ProcessBuilder(Program.of("chat", "--max-tokens", "2").command())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (OutputStream input = chat.getOutputStream();
                InputStream output = chat.getInputStream()) {
            input.write("Hello\n".getBytes(StandardCharsets.UTF_8));
            input.flush();
            assertThat(output.read()).isPositive();
            Duration least = Duration.ofDays(1);
            for (int second = 0; second < IDLE_SECONDS_MAX; second++) {
                Duration before = processorTime(chat);
                assertThat(chat.waitFor(1, TimeUnit.SECONDS)).as("ended").isFalse();
                Duration used = processorTime(chat).minus(before);
                least = used.compareTo(least) < 0 ? used : least;
                if (least.compareTo(IDLE_MAX) < 0) {
                    break;
                }
            }
            assertThat(least).isLessThan(IDLE_MAX);
        } finally {
            chat.destroyForcibly().waitFor();
        }
    }

    private static Duration processorTime(Process process) {
        return process.info().totalCpuDuration().orElseThrow();
    }

    private static int threads(Program.Result bench) {
        return Json.mapper().readTree(bench.text()).get("threads").asInt();
    }

    private static Program.Result before(List<String> prefix, String... arguments) {
        Program program = Program.of(arguments);
        List<String> command = new ArrayList<>(prefix);
        command.addAll(program.command());
        return new Program(program.directory(), command, program.environment(), program.input())
                .run()
                .mustSucceed();
    }

    private static Program with(Map<String, String> environment, Program program) {
        return new Program(program.directory(), program.command(), environment, program.input());
    }
}
