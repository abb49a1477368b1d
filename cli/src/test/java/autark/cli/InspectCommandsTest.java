package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InspectCommandsTest {
    private static final String BREAK = System.lineSeparator();

    @TempDir private Path folder;
    private String model;

    @BeforeEach
    void writeModel() throws IOException {
        model = Files.write(folder.resolve("model.gguf"), BigramModel.saying("Hi.")).toString();
    }

    @Test
    void tokensOfATextToTheLetter() {
        assertThat(input("A\n", "inspect", "tokens", model).out()).isEqualTo("[65,10]" + BREAK);
        assertThat(input("", "inspect", "tokens", model).out()).isEqualTo("[]" + BREAK);
        assertThat(input("€", "inspect", "tokens", model).out()).isEqualTo("[226,130,172]" + BREAK);
    }

    @Test
    void controlTokensAreTextUnlessAskedFor() {
        assertThat(input("<|im_end|>", "inspect", "tokens", model).out())
                .isEqualTo("[60,124,105,109,95,101,110,100,124,62]" + BREAK);
        assertThat(input("<|im_end|>", "inspect", "tokens", model, "--special").out())
                .isEqualTo("[257]" + BREAK);
    }

    @Test
    void eachJsonLineGivesALine() {
        CommandRun run =
                input("\"A\\nB\"\n\"\"\n\"\\u00e9\"\n", "inspect", "tokens", model, "--json-lines");
        assertThat(run.out()).isEqualTo("[65,10,66]\n[]\n[195,169]\n".replace("\n", BREAK));
    }

    @ParameterizedTest
    @CsvSource({
        "not JSON, line 1: found no JSON",
        "[1], line 1: expected one JSON string",
        "'\"a\" \"b\"', line 1: expected one JSON string",
        "'\"a\"\n\n\"b\"', line 2: expected one JSON string",
    })
    void linesThatAreNoStringsAreRefused(String lines, String message) {
        CommandRun run = input(lines, "inspect", "tokens", model, "--json-lines");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("autark: " + message);
    }

    @Test
    void textOfTokensToTheByte() {
        CommandRun run = input("[65,10]\n[226,130] [257]", "inspect", "text", model);
        assertThat(run.output())
                .isEqualTo(concat(new byte[] {'A', '\n', (byte) 226, (byte) 130}, "<|im_end|>"));
        assertThat(input("", "inspect", "text", model).output()).isEmpty();
    }

    @Test
    void textOfTokensAsJsonLines() {
        assertThat(input("[65,10][34]", "inspect", "text", model, "--json-lines").out())
                .isEqualTo("\"A\\n\"\n\"\\\"\"\n");
    }

    @ParameterizedTest
    @CsvSource({
        "1, expected JSON arrays of token ids",
        "[1, found no JSON",
        "'[\"a\"]', expected JSON arrays",
        "[1.5], expected JSON arrays",
        "[258], the vocabulary has no token 258",
        "[-1], the vocabulary has no token -1",
        "[99999999999], found no JSON",
    })
    void arraysThatAreNoTokensAreRefused(String arrays, String message) {
        CommandRun run = input(arrays, "inspect", "text", model);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("autark: ").contains(message);
    }

    @Test
    void promptOfAConversation() throws IOException {
        String input =
                write(
                        "in.json",
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"é\"}],"
                                + "\"add_generation_prompt\":true}");
        assertThat(run("inspect", "prompt", model, "--input", input).out())
                .isEqualTo("<|im_start|>user\né<|im_end|>\n<|im_start|>assistant\n");
    }

    @Test
    void promptOfATemplateWithAllItsVariables() throws IOException {
        String template =
                write(
                        "chat.jinja",
                        "{{ bos_token }}{{ tools | tojson }}{{ none_given }}{{ x }}"
                                + "{{ strftime_now('%d.%m.%Y %H:%M') }}");
        String input =
                write(
                        "in.json",
                        "{\"bos_token\":\"<B>\",\"tools\":[{\"b\":1,\"a\":2.0}],\"x\":null,"
                                + "\"now\":\"2026-01-31T12:00:00\"}");
        assertThat(run("inspect", "prompt", "--template", template, "--input", input).out())
                .isEqualTo("<B>[{\"b\": 1, \"a\": 2.0}]None31.01.2026 12:00");
    }

    @Test
    void namesOfTokensAreTheModelsUnlessGiven() throws IOException {
        byte[] bytes = BigramModel.saying("Hi.", "{{ eos_token }}");
        String other = Files.write(folder.resolve("other.gguf"), bytes).toString();
        String none = write("none.json", "{}");
        String given = write("given.json", "{\"eos_token\":\"<E>\"}");
        assertThat(run("inspect", "prompt", other, "--input", none).out()).isEqualTo("<|im_end|>");
        assertThat(run("inspect", "prompt", other, "--input", given).out()).isEqualTo("<E>");
    }

    @Test
    void promptsThatCannotBeRenderedAreRefused() throws IOException {
        String input = write("in.json", "{}");
        String broken = write("broken.jinja", "{% for %}");
        String raising = write("raising.jinja", "{{ raise_exception('no such role') }}");
        assertThat(run("inspect", "prompt", "--input", input).exitCode()).isEqualTo(2);
        assertThat(run("inspect", "prompt", model, "--template", raising, "--input", input))
                .extracting(CommandRun::exitCode)
                .isEqualTo(2);
        assertThat(run("inspect", "prompt", "--template", broken, "--input", input))
                .extracting(CommandRun::exitCode)
                .isEqualTo(1);
        CommandRun raised = run("inspect", "prompt", "--template", raising, "--input", input);
        assertThat(raised.err()).isEqualTo("autark: no such role" + BREAK);
        assertThat(raised.out()).isEmpty();
        String list = write("list.json", "[]");
        assertThat(run("inspect", "prompt", model, "--input", list).err())
                .contains("expected a JSON object");
        String time = write("time.json", "{\"now\":\"yesterday\"}");
        assertThat(run("inspect", "prompt", model, "--input", time).err())
                .contains("now: found yesterday");
    }

    @Test
    void logitsAreTheSameForEveryChunk() throws IOException {
        Path whole = folder.resolve("whole.f32");
        Path chunked = folder.resolve("chunked.f32");
        String tokens = "10,72,105,46,257,0,255";
        assertThat(logits(tokens, whole)).extracting(CommandRun::exitCode).isEqualTo(0);
        logits(tokens, chunked, "--chunk", "3", "--threads", "1");
        assertThat(chunked).hasSameBinaryContentAs(whole);
        ByteBuffer floats =
                ByteBuffer.wrap(Files.readAllBytes(whole)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(floats.remaining()).isEqualTo(7 * 258 * Float.BYTES);
        // After a line break comes H, and nothing else has a logit.
        assertThat(floats.getFloat(72 * Float.BYTES)).isGreaterThan(1);
        assertThat(floats.getFloat(73 * Float.BYTES)).isZero();
    }

    @Test
    void tokensThatThereAreNotLeaveNoFile() throws IOException {
        Path output = folder.resolve("logits.f32");
        CommandRun run = logits("1,258", output);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("found token 258, expected 0 to 257");
        assertThat(logits("1", output, "--chunk", "0").exitCode()).isEqualTo(2);
        assertThat(logits("1,x", output).exitCode()).isEqualTo(2);
        assertThat(logits("1," + "1,".repeat(128) + "1", output).err())
                .contains("found 130 tokens, expected at most the 128");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(Path.of(model));
        }
    }

    @Test
    void rowsOfATensor() throws IOException {
        Path output = folder.resolve("rows.f32");
        CommandRun run = tensor("output.weight", "72-73", output);
        assertThat(run.err()).isEmpty();
        ByteBuffer floats =
                ByteBuffer.wrap(Files.readAllBytes(output)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(floats.remaining()).isEqualTo(2 * 288 * Float.BYTES);
        assertThat(floats.getFloat('\n' * Float.BYTES)).isEqualTo(4);
        assertThat(floats.getFloat(288 * Float.BYTES)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "nothing.weight, 0-1, has no tensor nothing.weight",
        "output.weight, 0-258, expected within 0-257",
        "output.weight, 2-1, expected within 0-257",
        "output.weight, 5, expected two numbers like 0-1",
        "output.weight, -1-2, expected two numbers like 0-1",
    })
    void rowsThatThereAreNotLeaveNoFile(String name, String rows, String message)
            throws IOException {
        CommandRun run = tensor(name, rows, folder.resolve("rows.f32"));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(message);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(Path.of(model));
        }
    }

    private CommandRun logits(String tokens, Path output, String... options) {
        String[] arguments = new String[7 + options.length];
        System.arraycopy(
                new String[] {
                    "inspect", "logits", model, "--tokens", tokens, "--output", output.toString()
                },
                0,
                arguments,
                0,
                7);
        System.arraycopy(options, 0, arguments, 7, options.length);
        return run(arguments);
    }

    private CommandRun tensor(String name, String rows, Path output) {
        return run(
                "inspect", "tensor", model, name, "--rows=" + rows, "--output", output.toString());
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static CommandRun run(String... arguments) {
        return CommandRun.of(Map.of(), arguments);
    }

    private static CommandRun input(String text, String... arguments) {
        return CommandRun.withInput(text.getBytes(StandardCharsets.UTF_8), Map.of(), arguments);
    }

    private static byte[] concat(byte[] bytes, String text) {
        byte[] all = Arrays.copyOf(bytes, bytes.length + text.length());
        System.arraycopy(
                text.getBytes(StandardCharsets.UTF_8), 0, all, bytes.length, text.length());
        return all;
    }
}
