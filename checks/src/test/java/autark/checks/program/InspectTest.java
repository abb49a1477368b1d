package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Repository;
import autark.model.Golden;
import autark.model.Model;
import autark.model.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The forms of `autark inspect` on which others build, as processes.
class InspectTest {
    private static final Path GOLDEN = Repository.root().resolve("model/src/test/resources/golden");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Reference reference = Reference.read();

    @Test
    void tokensOfATextAndBack() {
        String model = DefaultModel.file().toString();
        Program.Result tokens =
                Program.of("inspect", "tokens", model, "--special")
                        .withInput(reference.text())
                        .run()
                        .mustSucceed();
        assertThat(tokens.text().lines()).hasSize(1);
        assertThat(JSON.readValue(tokens.text(), int[].class)).isEqualTo(reference.tokens());

        Program.Result text =
                Program.of("inspect", "text", model).withInput(tokens.text()).run().mustSucceed();
        assertThat(text.text()).isEqualTo(reference.text());
    }

    @Test
    void tokensLineByLine() {
        Program.Result tokens =
                Program.of("inspect", "tokens", DefaultModel.file().toString(), "--json-lines")
                        .withInput("\"two\\nlines\"\n\"\"\n\"<|im_end|>\"\n")
                        .run()
                        .mustSucceed();

        int[][] ids =
                tokens.text()
                        .lines()
                        .map(line -> JSON.readValue(line, int[].class))
                        .toArray(int[][]::new);
        assertThat(ids).hasNumberOfRows(3);
        assertThat(ids[0]).isNotEmpty();
        assertThat(ids[1]).isEmpty();
        assertThat(ids[2]).as("a control token by its name is text").hasSizeGreaterThan(1);
    }

    @Test
    void aPromptOfAModelAndOfATemplate(@TempDir Path folder) throws IOException {
        Path input =
                Files.writeString(
                        folder.resolve("input.json"),
                        """
                        {"messages": [{"role": "user", "content": "Hi"}],
                         "add_generation_prompt": true, "mood": "calm"}
                        """);
        Path template =
                Files.writeString(
                        folder.resolve("t.jinja"), "{{ mood }}: {{ messages[0].content }}");

        Program.Result own =
                Program.run(
                        "inspect",
                        "prompt",
                        "--template",
                        template.toString(),
                        "--input",
                        input.toString());
        Program.Result models =
                Program.run(
                        "inspect",
                        "prompt",
                        DefaultModel.file().toString(),
                        "--input",
                        input.toString());

        assertThat(own.mustSucceed().text()).isEqualTo("calm: Hi");
        assertThat(models.mustSucceed().text())
                .endsWith("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
    }

    /// The same bits as in this process, whole and in chunks.
    @Test
    void logitsOfAFileWithoutVocabulary(@TempDir Path folder) throws IOException {
        Path file = GOLDEN.resolve("quant/q4_k_m.gguf");
        int[] tokens = {1, 5, 9, 2, 7, 3, 3, 8, 4, 6, 10};
        byte[] expected;
        try (Model model = Runs.load(file, 1)) {
            expected = Golden.bytes(Runs.logits(model, tokens, tokens.length));
        }
        for (String chunk : new String[] {"11", "3"}) {
            Path output = folder.resolve("logits" + chunk);
            Program.run(
                            "inspect",
                            "logits",
                            file.toString(),
                            "--tokens",
                            joined(tokens),
                            "--chunk",
                            chunk,
                            "--kv-type",
                            "f32",
                            "--output",
                            output.toString())
                    .mustSucceed();
            assertThat(output).hasBinaryContent(expected);
        }
    }

    @Test
    void rowsOfATensor(@TempDir Path folder) {
        Path output = folder.resolve("rows");
        Program.run(
                        "inspect",
                        "tensor",
                        GOLDEN.resolve("quant/q4_k_m.gguf").toString(),
                        "blk.0.ffn_up.weight",
                        "--rows",
                        "0-1",
                        "--output",
                        output.toString())
                .mustSucceed();

        assertThat(output)
                .hasSameBinaryContentAs(GOLDEN.resolve("quant/q4_k_m.ffn_up.rows0-1.f32"));
    }

    private static String joined(int[] tokens) {
        return Arrays.stream(tokens).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }
}
