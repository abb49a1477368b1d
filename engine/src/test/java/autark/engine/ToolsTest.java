package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import autark.engine.Tools.Choice;
import autark.engine.sample.Sampling;
import autark.text.grammar.GrammarException;
import autark.text.parse.Segment;
import autark.text.template.CallFormat;
import autark.text.template.Message;
import autark.text.template.Tool;
import autark.text.template.ToolCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Models that call tools, or have to.
class ToolsTest {
    private static final int CONTEXT_LENGTH = 4096;
    private static final String SCHEMA =
            """
            {"type": "object", "additionalProperties": false, "required": ["city", "days"],
             "properties": {"city": {"type": "string", "maxLength": 6},
                            "days": {"type": "integer", "minimum": 1, "maximum": 7},
                            "unit": {"enum": ["C", "F"]}}}
            """;
    private static final Tool WEATHER = new Tool("get_weather", "The weather", SCHEMA, true);
    private static final Tool FORECAST = new Tool("get_forecast", "", SCHEMA, false);
    private static final Tools BOTH = Tools.of(WEATHER, FORECAST);
    private static final String PARIS = "{\"city\": \"Paris\", \"days\": 1}";
    private static final String ROME = "{\"city\": \"Rome\", \"days\": 2}";

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HARMONY")
    void callsComeAsPiecesAndInTheResult(CallFormat format) {
        List<ToolCall> calls = new ArrayList<>();
        calls.add(new ToolCall("", "get_weather", PARIS));
        if (format.several()) {
            calls.add(new ToolCall("", "get_forecast", ROME));
        }
        String text = format.followsText() ? "Let me see." : "";
        String answer = text + (text.isEmpty() ? "" : "\n") + format.write(calls);
        try (Engine engine = engine(saying(answer), template(format))) {
            TokenStream stream = engine.generate(request(BOTH));
            List<String> pieces = new ArrayList<>();
            for (Segment piece : stream) {
                String kind = piece.kind() + " ";
                boolean goesOn = !pieces.isEmpty() && pieces.getLast().startsWith(kind);
                pieces.add(goesOn ? pieces.removeLast() + piece.text() : kind + piece.text());
            }
            List<String> expected = new ArrayList<>();
            if (!text.isEmpty()) {
                expected.add("ANSWER " + text);
            }
            for (ToolCall call : calls) {
                expected.add("CALL_NAME " + call.name());
                expected.add("CALL_ARGUMENTS " + call.arguments());
            }
            assertThat(pieces).isEqualTo(expected);

            Result result = stream.result();
            assertThat(result.finish()).isEqualTo(FinishReason.TOOL_CALLS);
            assertThat(result.text()).isEqualTo(text);
            assertThat(result.toolCalls())
                    .extracting(ToolCall::name, ToolCall::arguments)
                    .isEqualTo(
                            calls.stream()
                                    .map(call -> tuple(call.name(), call.arguments()))
                                    .toList());
            assertThat(result.toolCalls())
                    .extracting(ToolCall::id)
                    .doesNotHaveDuplicates()
                    .isEqualTo(IntStream.range(0, calls.size()).mapToObj(stream::callId).toList())
                    .allMatch(id -> id.matches("call_[0-9A-Za-z]{24}"));
        }
    }

    @Test
    void aMarkThatIsAControlTokenBeginsACall() {
        String rest = CallFormat.MISTRAL.head("get_weather").substring("[TOOL_CALLS]".length());
        int[] call =
                IntStream.concat(
                                IntStream.of(TestVocabulary.TOOL_CALLS),
                                Arrays.stream(TestVocabulary.bytes(rest + PARIS)))
                        .toArray();
        try (Engine engine = engine(saying(call), template(CallFormat.MISTRAL))) {
            Result result = engine.generate(request(BOTH)).result();
            assertThat(result.tokens()).startsWith(TestVocabulary.TOOL_CALLS);
            assertThat(result.toolCalls()).extracting(ToolCall::arguments).containsExactly(PARIS);
            // Without tools it is no text.
            Result without = engine.generate(request(Tools.none())).result();
            assertThat(without.text()).isEqualTo(rest + PARIS);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HARMONY")
    void aModelThatBabblesCallsWhatItHasTo(CallFormat format) {
        try (Engine engine = engine(babblingAfter(""), template(format))) {
            boolean several = false;
            for (int seed = 0; seed < 6; seed++) {
                Result any = result(engine, BOTH.withChoice(new Choice.Required()), seed);
                several |= any.toolCalls().size() > 1;
                Result named =
                        result(engine, BOTH.withChoice(new Choice.Named("get_forecast")), seed);
                assertThat(named.toolCalls())
                        .extracting(ToolCall::name)
                        .containsExactly("get_forecast");
                Tools one = new Tools(BOTH.tools(), new Choice.Required(), false);
                assertThat(result(engine, one, seed).toolCalls()).hasSize(1);
            }
            assertThat(several).isEqualTo(format.several());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HARMONY")
    void aCallThatAModelBeginsByItselfIsValid(CallFormat format) {
        for (CallFormat.Opening opening : format.openings()) {
            String begun = (format.followsText() ? "Well, " : "") + opening.trigger();
            try (Engine engine = engine(babblingAfter(begun), template(format))) {
                for (int seed = 0; seed < 3; seed++) {
                    result(engine, BOTH, seed);
                }
            }
        }
    }

    /// An answer of calls, which are checked.
    private static Result result(Engine engine, Tools tools, int seed) {
        Request request =
                request(tools)
                        .withSampling(Sampling.standard().withTemperature(2))
                        .withMaxTokens(2000)
                        .withSeed(seed);
        Result result = engine.generate(request).result();
        assertThat(result.finish()).as(result.toString()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(result.text()).isIn("", "Well,");
        for (ToolCall call : result.toolCalls()) {
            assertThat(call.name()).isIn("get_weather", "get_forecast");
            JsonNode arguments = JsonMapper.shared().readTree(call.arguments());
            assertThat(arguments.get("city").asString().codePoints().count()).isBetween(0L, 6L);
            assertThat(arguments.get("days").asDouble()).isBetween(1.0, 7.0);
            assertThat(arguments.propertyNames()).isSubsetOf("city", "days", "unit");
        }
        return result;
    }

    @Test
    void thinkingComesBeforeACallThatHasToBe() {
        String template = template(CallFormat.HERMES) + "{# </think> #}<think>";
        int[] thought =
                IntStream.concat(
                                // What would be the first is the tag in the prompt.
                                Arrays.stream(TestVocabulary.bytes(">Hm.")),
                                IntStream.of(TestVocabulary.THINK_CLOSE, '\n', '\n'))
                        .toArray();
        try (Engine engine = engine(babblingAfter(thought), template)) {
            for (int seed = 0; seed < 5; seed++) {
                Result result = result(engine, BOTH.withChoice(new Choice.Required()), seed);
                assertThat(result.thinking()).isEqualTo("Hm.");
            }
        }
    }

    @Test
    void withoutToolsNothingIsACall() {
        String answer = CallFormat.HERMES.write(List.of(new ToolCall("", "get_weather", PARIS)));
        try (Engine engine = engine(saying(answer), ScriptedModel.TEMPLATE)) {
            for (Tools tools : List.of(Tools.none(), BOTH.withChoice(new Choice.None()))) {
                Result result = engine.generate(request(tools)).result();
                assertThat(result.text()).isEqualTo(answer);
                assertThat(result.finish()).isEqualTo(FinishReason.STOP);
                assertThat(engine.read(request(tools)).text()).doesNotContain("get_weather");
            }
            assertThat(engine.read(request(BOTH)).text()).contains("get_weather", "get_forecast");
        }
    }

    /// The engine ends no call: it would not be the one that the model wanted.
    @ParameterizedTest
    @ValueSource(ints = {16, 30, 60, 90})
    void aCallThatRunsOutOfTokensIsNone(int missingTokens) {
        String arguments = "{\"city\": \"Paris\", \"days\": 1, \"unit\": \"C\"}";
        String answer =
                CallFormat.HERMES.write(List.of(new ToolCall("", "get_weather", arguments)));
        int maxTokens = answer.length() - missingTokens;
        try (Engine engine = engine(saying(answer), ScriptedModel.TEMPLATE)) {
            for (Choice choice : List.of(new Choice.Auto(), new Choice.Required())) {
                Request request = request(BOTH.withChoice(choice)).withMaxTokens(maxTokens);
                // Where few tokens are missing, a shorter call would fit.
                Result result = engine.generate(request).result();
                assertThat(result.toolCalls()).isEmpty();
                assertThat(result.finish()).isEqualTo(FinishReason.LENGTH);
                assertThat(result.tokens()).hasSize(maxTokens);
            }
        }
    }

    @Test
    void textHasItsFormatAndCallsTheirs() {
        Format object = new Format.JsonObject();
        try (Engine engine = engine(saying("{\"a\": 1}"), ScriptedModel.TEMPLATE)) {
            Result result = engine.generate(request(BOTH).withFormat(object)).result();
            assertThat(result.text()).isEqualTo("{\"a\": 1}");
            assertThat(result.finish()).isEqualTo(FinishReason.STOP);
        }
        String call = CallFormat.HERMES.write(List.of(new ToolCall("", "get_weather", PARIS)));
        try (Engine engine = engine(saying(call), ScriptedModel.TEMPLATE)) {
            Result result = engine.generate(request(BOTH).withFormat(object)).result();
            assertThat(result.toolCalls()).hasSize(1);
        }
        // Text is closed before its tokens run out, as without tools.
        try (Engine engine = engine(babblingAfter("{"), ScriptedModel.TEMPLATE)) {
            for (int seed = 0; seed < 10; seed++) {
                Request request = request(BOTH).withFormat(object).withSeed(seed);
                Request hot = request.withSampling(Sampling.standard().withTemperature(2));
                String text = engine.generate(hot.withSeed(seed).withMaxTokens(30)).text();
                assertThat(JsonMapper.shared().readTree(text).isObject()).isTrue();
            }
        }
    }

    @Test
    void insideATextOfAFormatIsNoCall() {
        String text = "{\"a\": \"[TOOL_CALLS]get_weather[ARGS]{}\"}";
        try (Engine engine = engine(saying(text), template(CallFormat.MISTRAL))) {
            Request request = request(BOTH).withFormat(new Format.JsonObject());
            assertThat(engine.generate(request).result().text()).isEqualTo(text);
        }
    }

    @Test
    void stopStringsAreLookedForInTextAlone() {
        String answer =
                "Paris. "
                        + CallFormat.HERMES.write(List.of(new ToolCall("", "get_weather", PARIS)));
        try (Engine engine = engine(saying(answer), ScriptedModel.TEMPLATE)) {
            Stop stop = Stop.atEndOfTurn().withStrings(List.of("days"));
            Result result = engine.generate(request(BOTH).withStop(stop)).result();
            assertThat(result.toolCalls()).hasSize(1);
            assertThat(result.text()).isEqualTo("Paris.");
        }
    }

    @Test
    void whatCannotBeHonouredIsRefused() {
        ScriptedModel model = saying("Hi.");
        try (Engine engine = engine(model, template(CallFormat.HARMONY))) {
            refused(engine, request(BOTH), "the channels of gpt-oss");
        }
        try (Engine engine = engine(saying("Hi."), template(CallFormat.LLAMA))) {
            assertThatExceptionOfType(GrammarException.class)
                    .isThrownBy(() ->
                            engine.generate(request(BOTH).withFormat(new Format.JsonObject())))
                    .withMessageContaining("writes both alike");
        }
        try (Engine engine = engine(saying("Hi."), ScriptedModel.TEMPLATE)) {
            refused(engine, Request.raw("Hi").withTools(BOTH), "found tools and a raw prompt");
            Tool strict = new Tool("f", "", "{\"properties\": {\"a\": {\"like\": 1}}}", true);
            assertThatExceptionOfType(GrammarException.class)
                    .isThrownBy(() -> engine.generate(request(Tools.of(strict))))
                    .withMessageContaining("tool 'f'")
                    .withMessageContaining("like");
        }
        assertThat(model.steps).isEmpty();
    }

    private static void refused(Engine engine, Request request, String message) {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> engine.generate(request))
                .withMessageContaining(message);
    }

    private static Request request(Tools tools) {
        return Request.of(Message.user("Hi")).withTools(tools);
    }

    /// A template whose model writes calls in a format.
    private static String template(CallFormat format) {
        String words =
                switch (format) {
                    case HERMES -> "";
                    case XML -> "<tool_call> <function=";
                    case LLAMA -> "<|start_header_id|> \"parameters\": tool_calls";
                    case MISTRAL_LIST -> "[TOOL_CALLS]";
                    case MISTRAL -> "[TOOL_CALLS] [ARGS]";
                    case GRANITE -> "<|tool_call|>";
                    case DEEPSEEK -> "<｜tool▁call▁begin｜> ```json";
                    case DEEPSEEK_V3_1 -> "<｜tool▁call▁begin｜>";
                    case HARMONY -> "<|channel|> <|message|>";
                };
        String template = ScriptedModel.TEMPLATE + "{# " + words + " #}";
        assertThat(CallFormat.of(template)).isEqualTo(format);
        return template;
    }

    private static ScriptedModel saying(String answer) {
        return saying(TestVocabulary.bytes(answer));
    }

    private static ScriptedModel saying(int... answer) {
        return new ScriptedModel(ScriptedModel.saying(answer)::say, CONTEXT_LENGTH);
    }

    private static ScriptedModel babblingAfter(String begun) {
        return babblingAfter(TestVocabulary.bytes(begun));
    }

    /// Says so much, and then likes every token about equally.
    private static ScriptedModel babblingAfter(int... begun) {
        ScriptedModel sure = ScriptedModel.saying(begun);
        return new ScriptedModel(
                tokens -> {
                    float[] said = sure.say(tokens);
                    return said[TestVocabulary.TURN_END] == 0 ? noise(tokens) : said;
                },
                CONTEXT_LENGTH);
    }

    private static float[] noise(int[] tokens) {
        SplittableRandom random = new SplittableRandom(Arrays.hashCode(tokens));
        float[] logits = new float[TestVocabulary.SIZE];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextDouble(-2, 2);
        }
        return logits;
    }

    private static Engine engine(ScriptedModel model, String template) {
        return new Engine(
                model,
                TestVocabulary.tokenizer(),
                template,
                Sampling.greedy(),
                EngineOptions.defaults());
    }
}
