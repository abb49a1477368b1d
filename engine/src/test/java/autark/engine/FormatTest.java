package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import autark.engine.sample.Sampling;
import autark.text.grammar.GrammarException;
import autark.text.template.Message;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Answers that have to look like something, from a model that has no idea of it.
class FormatTest {
    private static final String DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}";

    @Test
    void anAnswerThatEndsHasItsFormat() {
        try (Engine engine = engine(anything(), ScriptedModel.TEMPLATE)) {
            for (int seed = 0; seed < 50; seed++) {
                Result result = engine.generate(request(DATE).withSeed(seed)).result();
                assertThat(result.text()).matches(DATE);
                assertThat(result.finish()).isEqualTo(FinishReason.STOP);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 7, 9, 20})
    void anAnswerThatRunsOutOfTokensIsClosed(int maxTokens) {
        String list = "\\[([a-z]+,)*end\\]";
        try (Engine engine = engine(anything(), ScriptedModel.TEMPLATE)) {
            for (int seed = 0; seed < 50; seed++) {
                Request request = request(list).withSeed(seed).withMaxTokens(maxTokens);
                Result result = engine.generate(request).result();
                assertThat(result.text()).matches(list);
                assertThat(result.tokens().size()).isLessThanOrEqualTo(maxTokens);
            }
        }
    }

    @Test
    void anAnswerWithoutRoomForAnEndIsCut() {
        try (Engine engine = engine(anything(), ScriptedModel.TEMPLATE)) {
            Result result = engine.generate(request(DATE).withMaxTokens(6)).result();
            assertThat(result.text()).matches("[0-9]{4}-[0-9]");
            assertThat(result.finish()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @Test
    void thinkingComesFirstAndIsFree() {
        String template = ScriptedModel.TEMPLATE + "{# </think> #}<think>";
        int close = TestVocabulary.THINK_CLOSE;
        ScriptedModel model =
                new ScriptedModel(tokens -> {
                    boolean closed = contains(tokens, close);
                    return closed ? noise(tokens) : ScriptedModel.sure(next(tokens, close));
                });
        try (Engine engine = engine(model, template)) {
            Result result = engine.generate(request(DATE)).result();
            assertThat(result.thinking()).isEqualTo("xxxxx");
            assertThat(result.text()).matches(DATE);
        }
    }

    @Test
    void aModelMayOpenItsThinkingItself() {
        String template = ScriptedModel.TEMPLATE + "{# </think> #}";
        int open = TestVocabulary.THINK_OPEN;
        int close = TestVocabulary.THINK_CLOSE;
        ScriptedModel model =
                new ScriptedModel(tokens -> {
                    if (!contains(tokens, open)) {
                        return ScriptedModel.sure(open);
                    }
                    return contains(tokens, close)
                            ? noise(tokens)
                            : ScriptedModel.sure(next(tokens, close));
                });
        try (Engine engine = engine(model, template)) {
            Result result = engine.generate(request(DATE)).result();
            assertThat(result.thinking()).startsWith("x");
            assertThat(result.text()).matches(DATE);
        }
    }

    @Test
    void thinkingThatTakesTooLongIsClosed() {
        String template = ScriptedModel.TEMPLATE + "{# </think> #}<think>";
        ScriptedModel model =
                new ScriptedModel(tokens ->
                        contains(tokens, TestVocabulary.THINK_CLOSE)
                                ? noise(tokens)
                                : ScriptedModel.sure('x'));
        try (Engine engine = engine(model, template)) {
            Request request = request(DATE).withThinking(new Thinking(10));
            Result result = engine.generate(request).result();
            assertThat(result.thinking()).isEqualTo("x".repeat(10));
            assertThat(result.text()).matches(DATE);
            Result free =
                    engine.generate(request.withFormat(new Format.Free()).withMaxTokens(40))
                            .result();
            assertThat(free.thinking()).isEqualTo("x".repeat(10));
            assertThat(free.text()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 60, 150})
    void jsonIsWholeWithinItsTokens(int maxTokens) {
        String schema =
                """
                {"type": "object", "required": ["name", "tags"], "additionalProperties": false,
                 "properties": {"name": {"type": "string"}, "age": {"type": "integer"},
                   "tags": {"type": "array", "items": {"enum": ["a", "b"]}}}}
                """;
        JsonMapper json = JsonMapper.shared();
        try (Engine engine = engine(anything(), ScriptedModel.TEMPLATE)) {
            for (int seed = 0; seed < 40; seed++) {
                Request request = request(DATE).withSeed(seed).withMaxTokens(maxTokens);
                JsonNode free =
                        json.readTree(
                                engine.generate(request.withFormat(new Format.JsonObject()))
                                        .text());
                assertThat(free.isObject()).isTrue();
                JsonNode described =
                        json.readTree(
                                engine.generate(request.withFormat(new Format.JsonSchema(schema)))
                                        .text());
                assertThat(described.get("name").isString()).isTrue();
                assertThat(described.get("tags").isArray()).isTrue();
                assertThat(described.propertyNames()).isSubsetOf("name", "age", "tags");
            }
        }
    }

    @Test
    void aGrammarIsKept() {
        String gbnf = "root ::= pair (\",\" pair)*\npair ::= \"(\" (pair | [0-9]) \")\"";
        try (Engine engine = engine(anything(), ScriptedModel.TEMPLATE)) {
            for (int seed = 0; seed < 40; seed++) {
                Request request = request(DATE).withSeed(seed).withFormat(new Format.Gbnf(gbnf));
                String text = engine.generate(request.withMaxTokens(40)).text();
                assertThat(text).matches("[(]+[0-9][)]+(,[(]+[0-9][)]+)*");
                long opened = text.chars().filter(c -> c == '(').count();
                assertThat(text.chars().filter(c -> c == ')').count()).isEqualTo(opened);
            }
        }
    }

    @Test
    void aFormatThatCannotBeEnforcedIsRefusedBeforeTheModelWorks() {
        ScriptedModel model = anything();
        try (Engine engine = engine(model, ScriptedModel.TEMPLATE)) {
            assertThatExceptionOfType(GrammarException.class)
                    .isThrownBy(() -> engine.generate(request("a(b")));
            String long1 = "a".repeat(Format.SOURCE_CHARS_MAX + 1);
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> engine.generate(request(long1)))
                    .withMessageContaining("expected at most");
            assertThat(model.steps).isEmpty();
            assertThat(engine.generate(request(DATE)).text()).matches(DATE);
        }
    }

    @Test
    void guessesChangeNothing() {
        String pattern = "(ab|cd|[x-z]){12,40}!";
        for (int seed = 0; seed < 20; seed++) {
            Request request = request(pattern).withSeed(seed);
            String alone;
            try (Engine engine =
                    engine(
                            anything(),
                            ScriptedModel.TEMPLATE,
                            EngineOptions.defaults().withSpeculation(new Speculation.Off()))) {
                alone = engine.generate(request).text();
            }
            try (Engine engine = engine(anything(), ScriptedModel.TEMPLATE)) {
                assertThat(engine.generate(request).text()).isEqualTo(alone);
            }
            assertThat(Pattern.matches(pattern, alone)).isTrue();
        }
    }

    private static Request request(String pattern) {
        return Request.of(Message.user("Hi"))
                .withSampling(Sampling.standard().withTemperature(2))
                .withFormat(new Format.Pattern(pattern));
    }

    /// Likes every token about equally, and what it likes best depends on all before.
    private static ScriptedModel anything() {
        return new ScriptedModel(FormatTest::noise);
    }

    private static float[] noise(int[] tokens) {
        SplittableRandom random = new SplittableRandom(Arrays.hashCode(tokens));
        float[] logits = new float[TestVocabulary.SIZE];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextDouble(-2, 2);
        }
        return logits;
    }

    /// Five times x, then `last`.
    private static int next(int[] tokens, int last) {
        int count = 0;
        while (tokens[tokens.length - 1 - count] == 'x') {
            count++;
        }
        return count == 5 ? last : 'x';
    }

    private static boolean contains(int[] tokens, int token) {
        return Arrays.stream(tokens).anyMatch(each -> each == token);
    }

    private static Engine engine(ScriptedModel model, String template) {
        return engine(model, template, EngineOptions.defaults());
    }

    private static Engine engine(ScriptedModel model, String template, EngineOptions options) {
        return new Engine(
                model, TestVocabulary.tokenizer(), template, Sampling.standard(), options);
    }
}
