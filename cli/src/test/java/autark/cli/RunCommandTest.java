package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class RunCommandTest {
    /// A template that opens the thinking.
    private static final String THINKING = BigramModel.TEMPLATE + "<think>\n{# </think> #}";

    private static final String BREAK = System.lineSeparator();

    @TempDir private Path folder;
    private Path model;

    @BeforeEach
    void writeModel() throws IOException {
        model = Files.write(folder.resolve("model.gguf"), BigramModel.saying("Hi, you."));
    }

    @Test
    void writesTheAnswerAndNothingElse() {
        CommandRun run = run("Hello");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("Hi, you.\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void theWordsOfThePromptAreJoined() {
        assertThat(promptTokens("a", "b")).isEqualTo(promptTokens("a b"));
    }

    @Test
    void pipedTextIsThePromptOrFollowsIt() {
        assertThat(promptTokens(piped("abc\n"))).isEqualTo(promptTokens(piped(""), "abc"));
        assertThat(promptTokens(piped("abc\r\n"), "-")).isEqualTo(promptTokens(piped(""), "abc"));
        assertThat(promptTokens(piped("c\n"), "ab")).isEqualTo(promptTokens(piped(""), "ab\n\nc"));
        assertThat(promptTokens(piped("b\n"), "a", "-", "c"))
                .isEqualTo(promptTokens(piped(""), "a b c"));
    }

    @Test
    void withoutAPromptTheUsageIsWrong() {
        CommandRun run = run();
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("autark: no prompt");
    }

    @Test
    void inputThatIsNoTextIsRefused() {
        CommandRun run = run(new byte[] {'a', (byte) 0xFF});
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("not UTF-8 at offset 1");
    }

    @Test
    void jsonTellsEverything() {
        CommandRun run = run("Hello", "--json", "--seed", "7", "--system", "Be kind.");
        JsonNode object = Json.mapper().readTree(run.out());
        assertThat(object.get("text").asString()).isEqualTo("Hi, you.");
        assertThat(object.get("thinking").asString()).isEmpty();
        assertThat(object.get("finishReason").asString()).isEqualTo("stop");
        assertThat(object.get("seed").asLong()).isEqualTo(7);
        assertThat(object.get("model").asString()).isEqualTo(model.toString());
        assertThat(object.get("sha256").asString()).matches("[0-9a-f]{64}");
        assertThat(object.get("sampling").get("topK").asInt()).isEqualTo(40);
        assertThat(object.get("usage").get("promptTokens").asInt())
                .isEqualTo("<system\nBe kind.>\n<user\nHello>\n<assistant\n".length());
        assertThat(object.get("usage").get("generatedTokens").asInt()).isEqualTo(9);
        assertThat(object.get("seconds").get("load").asDouble()).isPositive();
        assertThat(object.get("tokensPerSecond").get("decode").asDouble()).isPositive();
    }

    @Test
    void verboseTellsSeedAndRatesOnStandardError() {
        CommandRun run = run("Hello", "-v", "--seed", "7");
        assertThat(run.out()).isEqualTo("Hi, you.\n");
        assertThat(run.err().lines())
                .hasSize(4)
                .anyMatch(line -> line.equals("seed     7"))
                .anyMatch(line -> line.matches("answer   9 tokens, .* tokens/s"));
    }

    @Test
    void everySamplingOptionArrives() {
        CommandRun run =
                run(
                        "Hello",
                        "--json",
                        "--temperature",
                        "0.5",
                        "--top-k",
                        "3",
                        "--top-p",
                        "0.9",
                        "--min-p",
                        "0.1",
                        "--repeat-penalty",
                        "1.2",
                        "--repeat-window",
                        "9",
                        "--presence-penalty",
                        "0.3",
                        "--frequency-penalty",
                        "-0.4",
                        "--typical-p=0.8",
                        "--top-n-sigma=1.5",
                        "--xtc-probability=0.5",
                        "--xtc-threshold=0.2",
                        "--dry-multiplier=0.7",
                        "--dry-base=1.5",
                        "--dry-allowed-length=3",
                        "--dry-window=99",
                        "--dry-breaker=\\n",
                        "--dry-breaker=;",
                        "--mirostat=2",
                        "--mirostat-tau=4",
                        "--mirostat-eta=0.3",
                        "--logit-bias=7=-inf",
                        "--logit-bias===1.5");
        JsonNode sampling = Json.mapper().readTree(run.out()).get("sampling");
        assertThat(sampling.toString())
                .isEqualTo(
                        "{\"temperature\":0.5,\"topK\":3,\"topP\":0.9,\"minP\":0.1,"
                                + "\"typicalP\":0.8,\"topNSigma\":1.5,"
                                + "\"repeatPenalty\":1.2,\"repeatWindow\":9,"
                                + "\"presencePenalty\":0.3,\"frequencyPenalty\":-0.4,"
                                + "\"xtc\":{\"probability\":0.5,\"threshold\":0.2},"
                                + "\"dry\":{\"multiplier\":0.7,\"base\":1.5,\"allowedLength\":3,"
                                + "\"window\":99,\"breakers\":[10,59]},"
                                + "\"mirostat\":{\"version\":2,\"tau\":4.0,\"eta\":0.3},"
                                + "\"logitBias\":{\"7\":\"-Infinity\",\"61\":1.5}}");
    }

    @Test
    void aBiasRulesTokensOut() {
        assertThat(run("Hello", "--seed=1", "--max-tokens=2", "--logit-bias=H=-inf").out())
                .isNotEmpty()
                .doesNotContain("H");
    }

    @Test
    void aBiasOrBreakerThatIsNoTokenIsWrongUsage() {
        wrongUsage("--logit-bias=7", "--logit-bias: found 7, expected TOKEN=X");
        wrongUsage(
                "--logit-bias=Hi=1", "--logit-bias: found \"Hi\", which is the tokens [72, 105]");
        wrongUsage("--logit-bias=H=x", "--logit-bias: found x, expected a number or -inf");
        wrongUsage("--logit-bias=H=NaN", "logit bias of token 72: found NaN");
        wrongUsage("--logit-bias=9999=1", "--logit-bias: found token 9999, expected 0 to");
        CommandRun run = run("Hello", "--dry-multiplier=1", "--dry-breaker=ab");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("autark: dry breaker: found \"ab\"");
    }

    @Test
    void dryHasTheStandardBreakersOrNone() {
        assertThat(breakers("--dry-multiplier=1")).isEqualTo("[10,34,42,58]");
        assertThat(breakers("--dry-multiplier=1", "--dry-breaker=none")).isEqualTo("[]");
        assertThat(breakers()).isEqualTo("[]");
    }

    private String breakers(String... options) {
        List<String> words = new ArrayList<>(List.of("Hello", "--json"));
        words.addAll(List.of(options));
        JsonNode object = Json.mapper().readTree(run(words.toArray(String[]::new)).out());
        return object.get("sampling").get("dry").get("breakers").toString();
    }

    private void wrongUsage(String option, String message) {
        CommandRun run = run("Hello", option);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("autark: " + message);
    }

    @Test
    void aSettingOutOfRangeIsWrongUsage() {
        CommandRun run = run("Hello", "--top-p", "7");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("autark: top-p: found 7.0");
        assertThat(run("Hello", "--max-tokens", "0").exitCode()).isEqualTo(2);
        assertThat(run("Hello", "--threads", "0").exitCode()).isEqualTo(2);
    }

    @Test
    void aLimitThatCutsTheAnswerIsTold() {
        CommandRun run = run("Hello", "--max-tokens", "2");
        assertThat(run.out()).isEqualTo("Hi\n");
        assertThat(run.err())
                .isEqualTo("autark: the answer was cut off after 2 tokens (--max-tokens)" + BREAK);
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void stopStringsEndTheAnswer() {
        assertThat(run("Hello", "--stop", ", y", "--stop", "zzz").out()).isEqualTo("Hi\n");
    }

    @Test
    void aPromptThatIsTooLongIsRefusedWithBothNumbers() {
        CommandRun run = run("x".repeat(200));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("the prompt has 219 tokens").contains("room for 128 tokens");
        assertThat(run("x".repeat(25), "--context", "40").err()).contains("room for 40 tokens");
        assertThat(run("x", "--context", "999").err()).contains("at most the 128 of the model");
    }

    @Test
    void rawPromptsGoWithoutATemplate() {
        CommandRun run = run("--raw", "H");
        assertThat(run.out()).isEqualTo("i, you.\n");
        CommandRun refused = run("--raw", "H", "--system", "x");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).startsWith("autark: --raw goes without a chat template");
    }

    @Test
    void aModelWithoutATemplateSaysWhatToDo() throws IOException {
        Files.write(model, BigramModel.saying("Hi.", ""));
        CommandRun run = run("Hello");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("has no chat template")
                .contains("--template FILE")
                .contains("--raw");
        Path template = Files.writeString(folder.resolve("chat.jinja"), BigramModel.TEMPLATE);
        assertThat(run("Hello", "--template", template.toString()).out()).isEqualTo("Hi.\n");
    }

    @Test
    void variablesReachTheTemplate() throws IOException {
        Files.write(
                model,
                BigramModel.saying(
                        "Hi.", BigramModel.TEMPLATE + "{% if loud %}{{ '\\n' }}{% endif %}"));
        assertThat(promptTokens("x", "--set", "loud=true")).isEqualTo(promptTokens("x") + 1);
        assertThat(promptTokens("x", "--set", "loud=yes")).isEqualTo(promptTokens("x") + 1);
        assertThat(run("x", "--set", "quiet=1").err()).contains("variable 'quiet' is unknown");
    }

    @Test
    void thinkingIsShownHiddenOrAlone() throws IOException {
        Files.write(model, BigramModel.saying("abc</think>yes.", THINKING));
        assertThat(run("x").out()).isEqualTo("yes.\n");
        assertThat(run("x", "--thinking", "hide").out()).isEqualTo("yes.\n");
        assertThat(run("x", "--thinking", "show").out()).isEqualTo("abc\n\nyes.\n");
        assertThat(run("x", "--thinking", "only").out()).isEqualTo("abc\n");
        JsonNode object = Json.mapper().readTree(run("x", "--json").out());
        assertThat(object.get("thinking").asString()).isEqualTo("abc");
        assertThat(object.get("text").asString()).isEqualTo("yes.");
    }

    @Test
    void onATerminalThinkingIsDimmed() throws IOException {
        Files.write(model, BigramModel.saying("abc</think>yes.", THINKING));
        assertThat(atTerminal("x").out()).isEqualTo("\u001B[2mabc\u001B[0m\n\nyes.\n");
        assertThat(atTerminal("x", "--thinking", "hide").out()).isEqualTo("yes.\n");
        assertThat(atTerminal("x", "--thinking", "only").out())
                .isEqualTo("\u001B[2mabc\u001B[0m\n");
    }

    @Test
    void whatAModelWritesDoesNotSteerTheTerminal() throws IOException {
        Files.write(model, BigramModel.saying("a\u001B[2J\tb"));
        assertThat(atTerminal("x").out()).isEqualTo("a\uFFFD[2J\tb\n");
        assertThat(run("x").out()).isEqualTo("a\u001B[2J\tb\n");
    }

    @Test
    void atATerminalTheInputIsNotRead() {
        CommandRun run =
                CommandRun.atTerminal("typed later", Map.of(), "run", "-m", model.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("autark: no prompt");
    }

    private CommandRun atTerminal(String... words) {
        List<String> arguments = new ArrayList<>(List.of("run", "-m", model.toString()));
        arguments.addAll(List.of(words));
        return CommandRun.atTerminal("", Map.of(), arguments.toArray(String[]::new));
    }

    private int promptTokens(String... words) {
        return promptTokens(piped(""), words);
    }

    private int promptTokens(byte[] input, String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.add("--json");
        CommandRun run = run(input, arguments.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        return Json.mapper().readTree(run.out()).get("usage").get("promptTokens").asInt();
    }

    private static byte[] piped(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private CommandRun run(String... words) {
        return run(new byte[0], words);
    }

    private CommandRun run(byte[] input, String... words) {
        List<String> arguments = new ArrayList<>(List.of("run", "-m", model.toString()));
        arguments.addAll(List.of(words));
        return CommandRun.withInput(input, Map.of(), arguments.toArray(String[]::new));
    }
}
