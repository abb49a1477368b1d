package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    void anAdapterChangesTheAnswer() throws IOException {
        Path adapter = folder.resolve("adapter");
        Files.createDirectories(adapter);
        Files.writeString(
                adapter.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 8, \"target_modules\": [\"lm_head\"]}");
        Files.write(adapter.resolve("adapter_model.safetensors"), lineBreakBeforeY());

        CommandRun run = run("Hello", "--adapter", adapter.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("you.\n");
        JsonNode object =
                Json.mapper()
                        .readTree(run("Hello", "--adapter", adapter.toString(), "--json").out());
        assertThat(object.get("adapter").asString()).matches("[0-9a-f]{128}");

        Files.writeString(adapter.resolve("adapter_config.json"), "{\"use_dora\": true}");
        CommandRun refused = run("Hello", "--adapter", adapter.toString());
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("adapter_config.json", "use_dora").hasLineCount(1);
    }

    /// The weights of an adapter after which the answer starts with its y.
    private static byte[] lineBreakBeforeY() {
        int modelDim = 288;
        int vocabSize = 258;
        String header =
                """
                {"base_model.model.lm_head.lora_A.weight":
                {"dtype":"F32","shape":[1,%1$d],"data_offsets":[0,%2$d]},
                "base_model.model.lm_head.lora_B.weight":
                {"dtype":"F32","shape":[%3$d,1],"data_offsets":[%2$d,%4$d]}}\
                """
                        .formatted(modelDim, 4 * modelDim, vocabSize, 4 * (modelDim + vocabSize));
        ByteBuffer file =
                ByteBuffer.allocate(8 + header.length() + 4 * (modelDim + vocabSize))
                        .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
        int data = file.position();
        file.putFloat(data + 4 * '\n', 1);
        file.putFloat(data + 4 * (modelDim + 'y'), 1);
        return file.array();
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

    @Test
    void aFormatHoldsTheAnswer() throws IOException {
        assertThat(run("Hello", "--pattern", "(yes|no)!").out()).isIn("yes!\n", "no!\n");
        JsonNode object = Json.mapper().readTree(run("Hello", "--json-object").out());
        assertThat(object.isObject()).isTrue();
        String schema = "{\"enum\": [\"up\", \"down\"]}";
        String file = Files.writeString(folder.resolve("schema"), schema).toString();
        for (String source : List.of(schema, file)) {
            // Letters may be escaped.
            String json = run("Hello", "--json-schema", source).out();
            assertThat(Json.mapper().readTree(json).asString()).as(json).isIn("up", "down");
        }
        String grammar =
                Files.writeString(folder.resolve("gbnf"), "root ::= \"a\" | \"b\"").toString();
        assertThat(run("Hello", "--grammar", grammar).out()).isIn("a\n", "b\n");
    }

    @Test
    void aFormatThatCannotBeHeldIsWrongUsage() throws IOException {
        model = folder.resolve("is-not-opened.gguf");
        refused(2, "found 2 formats, expected one of", "--pattern", "a", "--json-object");
        refused(2, "(", "--pattern", "(");
        refused(2, "", "--json-schema", "{\"type\": 7}");
        refused(2, "", "--grammar", Files.writeString(folder.resolve("g"), "top").toString());
        refused(1, "no such file", "--grammar", folder.resolve("none").toString());
        refused(1, "no such file", "--json-schema", folder.resolve("none").toString());
        String bytes = Files.write(folder.resolve("b"), new byte[] {'a', (byte) 0xFF}).toString();
        refused(1, "not UTF-8 at offset 1", "--grammar", bytes);
        String large = Files.write(folder.resolve("l"), new byte[(1 << 20) + 1]).toString();
        refused(1, "found more than 1048576 bytes", "--grammar", large);
    }

    @Test
    void severalChoicesAreSeparatedOrAnArray() {
        CommandRun plain = run("Hello", "--choices", "2");
        assertThat(plain.out().replace("\r", ""))
                .isEqualTo("--- answer 1 of 2 ---\nHi, you.\n\n--- answer 2 of 2 ---\nHi, you.\n");
        JsonNode array =
                Json.mapper()
                        .readTree(run("Hello", "--choices", "2", "--seed", "7", "--json").out());
        assertThat(array.valueStream().map(one -> one.get("text").asString()))
                .containsExactly("Hi, you.", "Hi, you.");
        assertThat(array.valueStream().map(one -> one.get("seed").asLong()))
                .containsExactly(7L, 8L);
        refused(2, "--choices: found 0, expected 1 to 8", "--choices", "0");
        refused(2, "--choices: found 9, expected 1 to 8", "--choices", "9");
    }

    @Test
    void thinkingOfSeveralChoicesIsShownAsThatOfOne() throws IOException {
        Files.write(model, BigramModel.saying("abc</think>yes.", THINKING));
        assertThat(run("x", "--thinking", "show", "--choices", "2").out().replace("\r", ""))
                .endsWith("\n\n--- answer 2 of 2 ---\nabc\n\nyes.\n");
    }

    @Test
    void logprobsTellWhatTheModelHeldLikely() {
        JsonNode object = Json.mapper().readTree(run("Hello", "--json", "--logprobs", "2").out());
        JsonNode first = object.get("logprobs").get(0);
        assertThat(object.get("logprobs")).hasSize(9);
        assertThat(first.get("token").asInt()).isEqualTo('H');
        assertThat(first.get("text").asString()).isEqualTo("H");
        assertThat(first.get("logprob").asDouble()).isBetween(-0.1, 0.0);
        assertThat(first.get("top")).hasSize(2);
        assertThat(first.get("top").get(0).get("token").asInt()).isEqualTo('H');
        assertThat(first.get("top").get(0).get("logprob")).isEqualTo(first.get("logprob"));
        assertThat(first.get("top").get(1).get("logprob").asDouble()).isLessThan(-1);
        assertThat(Json.mapper().readTree(run("Hello", "--json").out()).has("logprobs")).isFalse();
        refused(2, "--logprobs goes with --json", "--logprobs", "1");
        refused(2, "found 21, expected 0 to 20", "--json", "--logprobs", "21");
    }

    @Test
    void aThinkingBudgetEndsTheThinking() throws IOException {
        Files.write(model, BigramModel.saying("abcdef</think>yes.", THINKING));
        JsonNode object =
                Json.mapper().readTree(run("x", "--json", "--thinking-budget", "2").out());
        assertThat(object.get("thinking").asString()).isEqualTo("ab");
        refused(2, "thinking tokens: found -1", "--thinking-budget=-1");
    }

    @Test
    void theEngineServesAsAskedAndWritesTheSame() {
        assertThat(run("Hello", "--speculation", "off", "--kv-memory", "2MB").out())
                .isEqualTo("Hi, you.\n");
        assertThat(run("Hello", "--speculation", "prompt-lookup").out()).isEqualTo("Hi, you.\n");
        refused(2, "--speculation: found x, expected off or prompt-lookup", "--speculation", "x");
        refused(2, "expected a size from 1 byte to 1 PiB", "--kv-memory", "much");
        refused(1, "keys and values: found 1000 bytes", "--kv-memory", "1k");
    }

    @Test
    void guessesAreTold() {
        // The answer repeats the words of the question, so what follows them can be guessed.
        String question = "Hi, you.Hi, you.";
        CommandRun run = run(question, "-v");
        assertThat(run.err()).containsPattern("guesses  \\d+ tokens, \\d+ of them right");
        JsonNode usage = Json.mapper().readTree(run(question, "--json").out()).get("usage");
        assertThat(usage.get("draftedTokens").asInt()).isPositive();
        assertThat(usage.get("acceptedTokens").asInt())
                .isPositive()
                .isLessThanOrEqualTo(usage.get("draftedTokens").asInt());
        assertThat(run(question, "-v", "--speculation=off").err()).doesNotContain("guesses");
    }

    private void refused(int exitCode, String message, String... options) {
        List<String> words = new ArrayList<>(List.of("Hello"));
        words.addAll(List.of(options));
        CommandRun run = run(words.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        assertThat(run.err()).startsWith("autark: ").contains(message).doesNotContain("internal");
        assertThat(run.out()).isEmpty();
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
