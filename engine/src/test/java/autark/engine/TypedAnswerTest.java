package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import autark.engine.sample.Sampling;
import autark.engine.typed.SampleTypes;
import autark.engine.typed.SampleTypes.Currency;
import autark.engine.typed.SampleTypes.Expression;
import autark.engine.typed.SampleTypes.Line;
import autark.engine.typed.SampleTypes.Payment;
import autark.text.template.Message;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Answers that are values of Java types, from models that know what to say and from one that does
/// not.
class TypedAnswerTest {
    private static final int CONTEXT_LENGTH = 4_000;
    private static final String LINE = "{\"article\":\"ink\",\"count\":2,\"price\":3.50}";

    record Share(int percent) {
        Share {
            if (percent < 0 || percent > 100) {
                throw new IllegalArgumentException("percent: found " + percent);
            }
        }
    }

    @Test
    void aQuestionIsAnsweredByARecord() {
        AtomicReference<String> prompt = new AtomicReference<>("");
        try (Engine engine = engine(saying(LINE, prompt))) {
            Line line = engine.ask("What was bought?", Line.class);
            assertThat(line).isEqualTo(new Line("ink", 2, new BigDecimal("3.50")));
        }
        assertThat(prompt.get())
                .contains(
                        """
                        What was bought?

                        Answer with one JSON value that this JSON Schema describes, and with nothing else:
                        {"type":"object","properties":{"article":{"type":"string"},\
                        "count":{"type":"integer"},"price":{"type":"number"}},\
                        "required":["article","count","price"],"additionalProperties":false}\
                        """);
    }

    @Test
    void aRequestIsAskedAsItIs() {
        AtomicReference<String> prompt = new AtomicReference<>("");
        try (Engine engine = engine(saying(LINE, prompt))) {
            Request request = Request.of(Message.user("Go!")).withSampling(engine.sampling());
            TypedAnswer<Line> answer = engine.generate(request, Line.class);
            assertThat(answer.value().article()).isEqualTo("ink");
            assertThat(answer.result().text()).isEqualTo(LINE);
            assertThat(answer.result().finish()).isEqualTo(FinishReason.STOP);
            assertThat(engine.ask(request, Line.class)).isEqualTo(answer.value());
        }
        assertThat(prompt.get()).contains("Go!").doesNotContain("JSON");
    }

    @Test
    void arraysEnumsAndNumbersAreAnswersToo() {
        AtomicReference<String> prompt = new AtomicReference<>("");
        try (Engine engine = engine(saying("[" + LINE + "," + LINE + "]", prompt))) {
            assertThat(engine.ask("?", Line[].class)).hasSize(2);
        }
        try (Engine engine = engine(saying("\"USD\"", prompt))) {
            assertThat(engine.ask("?", Currency.class)).isEqualTo(Currency.USD);
        }
        try (Engine engine = engine(saying("42", prompt))) {
            int number = engine.ask("?", int.class);
            assertThat(number).isEqualTo(42);
        }
    }

    @Test
    void aRequestWithAFormatOfItsOwnIsRefused() {
        try (Engine engine = engine(noise())) {
            Request request =
                    Request.of(Message.user("?")).withFormat(new Format.Pattern("[0-9]+"));
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> engine.ask(request, Line.class))
                    .withMessageContaining("format Pattern and the type autark.engine.typed");
        }
    }

    @Test
    void anAnswerWithoutRoomForAValueIsAnErrorWithWhatThereIs() {
        AtomicReference<String> prompt = new AtomicReference<>("");
        try (Engine engine = engine(saying(LINE, prompt))) {
            Request request = Request.of(Message.user("?")).withMaxTokens(10);
            assertThatExceptionOfType(AnswerCutOffException.class)
                    .isThrownBy(() -> engine.ask(request, Line.class))
                    .withMessage(
                            "the answer ended (LENGTH) after 10 tokens, before it was a whole value;"
                                    + " give it more tokens or time, or ask for less")
                    .satisfies(e -> assertThat(LINE).startsWith(e.result().text()));
            Request stopped =
                    Request.of(Message.user("?"))
                            .withStop(Stop.atEndOfTurn().withStrings(List.of("count")));
            assertThatExceptionOfType(AnswerCutOffException.class)
                    .isThrownBy(() -> engine.ask(stopped, Line.class))
                    .withMessageContaining("STOP_STRING");
        }
    }

    @Test
    void anAnswerThatTheEngineClosedIsAValueAndSaysSo() {
        String text = "[\"" + "a".repeat(200);
        AtomicReference<String> prompt = new AtomicReference<>("");
        try (Engine engine = engine(saying(text, prompt))) {
            Request request = Request.of(Message.user("?")).withMaxTokens(50);
            TypedAnswer<String[]> answer = engine.generate(request, String[].class);
            assertThat(answer.value()).hasSize(1);
            assertThat(answer.value()[0]).matches("a{40,48}");
            assertThat(answer.result().finish()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @Test
    void whatARecordRefusesIsAnErrorWithItsCause() {
        AtomicReference<String> prompt = new AtomicReference<>("");
        try (Engine engine = engine(saying("[{\"percent\":101}]", prompt))) {
            assertThatExceptionOfType(AnswerRefusedException.class)
                    .isThrownBy(() -> engine.ask("?", Share[].class))
                    .withMessageContaining("Share[][0]: Share refuses its components")
                    .withMessageContaining("percent: found 101")
                    .withCauseInstanceOf(IllegalArgumentException.class)
                    .satisfies(e -> assertThat(e.result().text()).contains("101"));
        }
    }

    @Test
    void aTypeThatIsNotSupportedIsRefusedBeforeTheModelWorks() {
        ScriptedModel model = noise();
        try (Engine engine = engine(model)) {
            assertThatExceptionOfType(AnswerTypeException.class)
                    .isThrownBy(() -> engine.ask("?", Thread.class))
                    .withMessageContaining("found java.lang.Thread; supported are");
        }
        assertThat(model.steps).isEmpty();
    }

    /// A model without any idea: each of its answers is a value, closed by the engine or not.
    @Test
    void allAnswersOfNoiseAreValues() {
        List<Class<?>> types =
                List.of(
                        Line.class,
                        Payment.class,
                        SampleTypes.Numbers.class,
                        SampleTypes.Times.class,
                        SampleTypes.Names.class,
                        SampleTypes.Invoice.class,
                        SampleTypes.Many.class,
                        SampleTypes.Boxes.class,
                        Currency.class,
                        Line[].class);
        try (Engine engine = engine(noise())) {
            for (Class<?> type : types) {
                for (int seed = 0; seed < 30; seed++) {
                    Request request =
                            Request.of(Message.user("?"))
                                    .withSampling(Sampling.standard().withTemperature(2))
                                    .withSeed(seed)
                                    .withMaxTokens(180);
                    assertThat(engine.generate(request, type).value())
                            .as("%s, seed %d", type, seed)
                            .isInstanceOf(type);
                }
            }
        }
    }

    /// Recursive types end, too.
    @Test
    void treesOfNoiseAreValues() {
        try (Engine engine = engine(noise())) {
            for (int seed = 0; seed < 10; seed++) {
                Request request = Request.of(Message.user("?")).withSeed(seed).withMaxTokens(200);
                assertThat(engine.ask(request, Expression.class)).isNotNull();
                assertThat(engine.ask(request, SampleTypes.Tree.class).branches()).isNotNull();
            }
        }
    }

    private static Engine engine(ScriptedModel model) {
        return new Engine(
                model,
                TestVocabulary.tokenizer(),
                ScriptedModel.TEMPLATE,
                Sampling.standard(),
                EngineOptions.defaults());
    }

    private static ScriptedModel saying(String answer, AtomicReference<String> prompt) {
        int[] wanted = TestVocabulary.bytes(answer);
        int header = "assistant\n".length();
        return new ScriptedModel(
                tokens -> {
                    int start = tokens.length - 1;
                    while (tokens[start] != TestVocabulary.TURN_START) {
                        start--;
                    }
                    int said = tokens.length - start - 1 - header;
                    if (said == 0) {
                        prompt.set(text(tokens));
                    }
                    boolean within = said >= 0 && said < wanted.length;
                    return ScriptedModel.sure(within ? wanted[said] : TestVocabulary.TURN_END);
                },
                CONTEXT_LENGTH);
    }

    private static String text(int[] tokens) {
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            text.append((char) token);
        }
        return text.toString();
    }

    private static ScriptedModel noise() {
        return new ScriptedModel(
                tokens -> {
                    SplittableRandom random = new SplittableRandom(Arrays.hashCode(tokens));
                    float[] logits = new float[TestVocabulary.SIZE];
                    for (int i = 0; i < logits.length; i++) {
                        logits[i] = (float) random.nextDouble(-2, 2);
                    }
                    return logits;
                },
                CONTEXT_LENGTH);
    }
}
