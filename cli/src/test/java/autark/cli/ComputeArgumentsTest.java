package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.Chip;
import autark.chip.Kernels;
import autark.engine.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ComputeArgumentsTest {
    @TempDir private Path folder;
    private String model;

    @BeforeEach
    void writeModel() throws IOException {
        model = Files.write(folder.resolve("model.gguf"), BigramModel.saying("Hi.")).toString();
    }

    static Stream<String> sets() {
        return Chip.current().available().stream().map(Kernels::name);
    }

    @ParameterizedTest
    @MethodSource("sets")
    void eachSetOfTheMachineIsUsedAndSaysTheSame(String set) {
        CommandRun run = run("run", "-m", model, "Hello", "--kernels", set);
        CommandRun bench =
                run(
                        "bench",
                        model,
                        "--prompt-tokens=2",
                        "--generate-tokens=1",
                        "--repetitions=1",
                        "--json",
                        "--kernels",
                        set);

        assertThat(run.out()).isEqualTo(run("run", "-m", model, "Hello").out());
        assertThat(run.err()).isEmpty();
        assertThat(Json.mapper().readTree(bench.out()).get("kernels").asString()).isEqualTo(set);
    }

    @Test
    void keysAndValuesAreKeptAsAsked() {
        long half = bytesPerToken("f16");
        assertThat(bytesPerToken("f32") - half).isEqualTo(2L * 2 * 288 * (2 + 0 + 1));
        assertThat(half - bytesPerToken("q8_0")).isEqualTo(2L * (288 - 288 / 32 * 2) * (2 + 0 + 1));

        CommandRun wrong = run("run", "-m", model, "Hello", "--kv-type", "q4_0");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("--kv-type: found q4_0, expected f16, f32 or q8_0");
    }

    private long bytesPerToken(String kvType) {
        CommandRun bench =
                run(
                        "bench",
                        model,
                        "--prompt-tokens=2",
                        "--generate-tokens=1",
                        "--repetitions=1",
                        "--json",
                        "--kv-type",
                        kvType);
        return Json.mapper().readTree(bench.out()).get("bytesPerToken").asLong();
    }

    @Test
    void aSetThatTheMachineLacksIsWrongUsageEverywhere() {
        List<CommandRun> runs =
                List.of(
                        run("run", "-m", "no-such-model", "Hello", "--kernels", "abacus"),
                        run("chat", "-m", "no-such-model", "--kernels", "abacus"),
                        run("bench", "no-such-model", "--kernels", "abacus"),
                        run("doctor", "--kernels", "abacus"),
                        logits("--kernels", "abacus"),
                        run(
                                "eval",
                                "perplexity",
                                "no-such-model",
                                "--file",
                                text(),
                                "--kernels=abacus"));

        assertThat(runs).extracting(CommandRun::exitCode).containsOnly(2);
        assertThat(runs)
                .extracting(CommandRun::err)
                .allSatisfy(err ->
                        assertThat(err)
                                .startsWith("autark: --kernels: found kernel set \"abacus\"")
                                .contains("has: scalar"));
    }

    @Test
    void logitsTakeASet() {
        assertThat(logits("--kernels", "scalar").exitCode()).isZero();
    }

    @Test
    void theNoticeOfAChipWithoutMachineCodeIsOneLine() {
        Chip here = Chip.current();
        Chip denied = new Chip(here.kernels(), here.available(), "the system refuses it", 1);
        Chip fine = new Chip(here.kernels(), here.available(), "", 1);

        assertThat(ComputeArguments.notice(denied)).contains("autark: the system refuses it");
        assertThat(ComputeArguments.notice(fine)).isEmpty();
    }

    private String text() {
        try {
            return Files.writeString(folder.resolve("text"), "z".repeat(100)).toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private CommandRun logits(String... options) {
        Stream<String> command =
                Stream.of("inspect", "logits", model, "--tokens", "1,2", "--output");
        return run(
                Stream.of(
                                command,
                                Stream.of(folder.resolve("logits.f32").toString()),
                                Stream.of(options))
                        .flatMap(words -> words)
                        .toArray(String[]::new));
    }

    private CommandRun run(String... arguments) {
        return CommandRun.of(Map.of("AUTARK_MODELS", folder.resolve("m").toString()), arguments);
    }
}
