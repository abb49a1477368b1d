package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import tools.jackson.databind.JsonNode;

final class MeasureCommandsTest {
    @TempDir private Path folder;
    private String model;

    @BeforeEach
    void writeModel() throws IOException {
        model = Files.write(folder.resolve("model.gguf"), BigramModel.saying("Hi.")).toString();
    }

    @Test
    void perplexityOfATextThatTheModelGuesses() throws IOException {
        String text = Files.writeString(folder.resolve("text"), "z".repeat(100)).toString();
        CommandRun run =
                run("eval", "perplexity", model, "--file", text, "--context", "32", "--json");
        JsonNode object = Json.mapper().readTree(run.out());
        assertThat(object.get("perplexity").asDouble()).isCloseTo(258, within(1e-6));
        assertThat(object.get("error").asDouble()).isCloseTo(0, within(1e-4));
        assertThat(object.get("chunks").asInt()).isEqualTo(3);
        assertThat(object.get("scoredTokens").asInt()).isEqualTo(3 * 15);
        assertThat(run.err().lines()).hasSize(3).first().isEqualTo("chunk 1: 258.0000");
    }

    @Test
    void perplexityForPeople() throws IOException {
        String text = Files.writeString(folder.resolve("text"), "z".repeat(100)).toString();
        CommandRun run =
                run(
                        "eval",
                        "perplexity",
                        model,
                        "--file",
                        text,
                        "--context",
                        "32",
                        "--chunks",
                        "1");
        assertThat(run.out())
                .isEqualTo(
                        "perplexity 258.0000 +/- 0.0000 (1 chunks of 32 tokens)"
                                + System.lineSeparator());
    }

    @Test
    void perplexityOfTooLittleTextIsRefused() throws IOException {
        String text = Files.writeString(folder.resolve("text"), "z").toString();
        CommandRun run = run("eval", "perplexity", model, "--file", text, "--context", "32");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("the text has 1 tokens, expected at least one context of 32");
        assertThat(run("eval").exitCode()).isEqualTo(2);
    }

    @Test
    void benchTellsAllRates() {
        CommandRun run =
                run(
                        "bench",
                        model,
                        "--prompt-tokens",
                        "20",
                        "--generate-tokens",
                        "5",
                        "--repetitions",
                        "2",
                        "--json");
        JsonNode object = Json.mapper().readTree(run.out());
        // All tensors but the embedding, of which a row is read.
        long layer = (4L * 288 * 288 + 3L * 288 * 32 + 2L * 288) * Float.BYTES;
        long output = (258L * 288 + 288 + 288) * Float.BYTES;
        // Keys and values of 288 halves each, at the middle of the tokens that are written.
        long keysAndValues = 2L * 2 * 288 * (20 + 2 + 1);
        assertThat(object.get("bytesPerToken").asLong()).isEqualTo(layer + output + keysAndValues);
        // Its matrices are floats, for which there is no limit of int8 codes.
        assertThat(object.get("multiplyAddsPerPromptToken").asLong()).isZero();
        assertThat(object.has("multiplyAddShare")).isFalse();
        assertThat(object.get("loadSeconds").asDouble()).isPositive();
        assertThat(object.get("firstPrefillTokensPerSecond").asDouble()).isPositive();
        assertThat(object.get("multiplyAddsPerSecond").asDouble()).isPositive();
        assertThat(object.get("memoryBytesPerSecond").asDouble()).isPositive();
        assertThat(object.get("memoryBandwidthShare").asDouble()).isPositive();
        for (String rates : new String[] {"prefillTokensPerSecond", "decodeTokensPerSecond"}) {
            double least = object.get(rates).get("min").asDouble();
            double median = object.get(rates).get("median").asDouble();
            double most = object.get(rates).get("max").asDouble();
            assertThat(least).isPositive();
            assertThat(median).isCloseTo((least + most) / 2, within(1e-6 * most));
        }
    }

    @Test
    void benchRefusesMoreThanTheContext() {
        CommandRun run = run("bench", model, "--prompt-tokens", "128");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("found 192 tokens, expected at most the 128");
        assertThat(run("bench", model, "--repetitions", "0").exitCode()).isEqualTo(1);
    }

    @Test
    void benchOfSeveralSequencesIsATable() {
        CommandRun run = run(batch());
        assertThat(run.err()).isEmpty();
        List<String> lines = run.out().lines().toList();
        assertThat(lines.getFirst())
                .isEqualTo("20 tokens a prompt, 5 written behind each; medians of 2");
        assertThat(lines.get(2)).startsWith("| sequences | prompt t/s |");
        assertThat(lines.subList(4, 6))
                .extracting(line -> line.split("\\|")[1].strip())
                .containsExactly("1", "3");
        // Its matrices are floats, for which there is no limit of int8 codes.
        assertThat(lines.get(4).split("\\|")[3].strip()).isEqualTo("-");
        assertThat(lines.subList(2, 6))
                .extracting(String::length)
                .containsOnly(lines.get(2).length());
    }

    @Test
    void benchOfSeveralSequencesTellsAllRates() {
        JsonNode object = Json.mapper().readTree(run(batch("--json")).out());
        assertThat(object.get("promptTokens").asInt()).isEqualTo(20);
        JsonNode rows = object.get("sequences");
        assertThat(rows.valueStream().map(row -> row.get("sequences").asInt()))
                .containsExactly(1, 3);
        JsonNode three = rows.get(1);
        double written = three.get("writtenTokensPerSecond").get("median").asDouble();
        assertThat(three.get("writtenTokensPerSecondEach").asDouble())
                .isCloseTo(written / 3, within(1e-6 * written));
        assertThat(three.get("stepMilliseconds").asDouble())
                .isCloseTo(3000 / written, within(1e-6 * 3000 / written));
        // Weights are read once, keys and values (288 halves each) for each sequence.
        long keysAndValues = 2L * 2 * 288 * (20 + 2 + 1);
        assertThat(three.get("bytesPerStep").asLong() - rows.get(0).get("bytesPerStep").asLong())
                .isEqualTo(2 * keysAndValues + 2 * 288 * Float.BYTES);
        assertThat(three.has("multiplyAddShare")).isFalse();
        double all = three.get("tokensPerSecond").get("median").asDouble();
        double engine = three.get("engineTokensPerSecond").get("median").asDouble();
        assertThat(three.get("engineShare").asDouble())
                .isCloseTo(engine / all, within(1e-6 * engine / all));
        assertThat(three.get("memoryBandwidthShare").asDouble()).isPositive();
    }

    @Test
    void benchRefusesNumbersOfSequencesThatMakeNoSense() {
        CommandRun run = run("bench", model, "--sequences", "1,257");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("sequences: found 257, expected 1 to 256");
        assertThat(run("bench", model, "--sequences", "x").exitCode()).isEqualTo(2);
        CommandRun tooLong = run(batch("--prompt-tokens=128"));
        assertThat(tooLong.err()).contains("found 133 tokens, expected at most the 128");
    }

    private String[] batch(String... options) {
        Stream<String> command =
                Stream.of(
                        "bench",
                        model,
                        "--sequences=1,3",
                        "--generate-tokens=5",
                        "--repetitions=2");
        boolean prompt = List.of(options).toString().contains("--prompt-tokens");
        Stream<String> usual = prompt ? Stream.of() : Stream.of("--prompt-tokens=20");
        return Stream.of(command, usual, Stream.of(options))
                .flatMap(words -> words)
                .toArray(String[]::new);
    }

    private static CommandRun run(String... arguments) {
        return CommandRun.of(Map.of(), arguments);
    }
}
