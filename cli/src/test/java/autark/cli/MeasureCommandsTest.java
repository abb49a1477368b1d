package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import autark.engine.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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

    private static CommandRun run(String... arguments) {
        return CommandRun.of(Map.of(), arguments);
    }
}
