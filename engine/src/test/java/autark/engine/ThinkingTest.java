package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.sample.Sampling;
import autark.text.parse.Segment;
import autark.text.template.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ThinkingTest {
    /// A template whose model opens the tag itself.
    private static final String OPENED_BY_MODEL =
            ScriptedModel.TEMPLATE + "{# cuts everything up to </think> off #}";

    /// A template that opens the tag.
    private static final String OPENED_BY_TEMPLATE = OPENED_BY_MODEL + "<think>\n";

    private static final int OPEN = TestVocabulary.THINK_OPEN;
    private static final int CLOSE = TestVocabulary.THINK_CLOSE;

    @Test
    void thinkingAndAnswerComeApart() {
        Result result = result(OPENED_BY_MODEL, tokens("<think>", "hm</think>", "yes"));
        assertThat(result.thinking()).isEqualTo("hm");
        assertThat(result.text()).isEqualTo("yes");
    }

    @Test
    void tagsThatAreControlTokensAreSeen() {
        int[] answer = IntStream.of(OPEN, 'h', 'm', CLOSE, 'y', 'e', 's').toArray();
        Result result = result(OPENED_BY_MODEL, answer);
        assertThat(result.thinking()).isEqualTo("hm");
        assertThat(result.text()).isEqualTo("yes");
    }

    @Test
    void aTagAtTheEndOfThePromptOpensThinking() {
        Result result = result(OPENED_BY_TEMPLATE, IntStream.of('h', CLOSE, 'y').toArray());
        assertThat(result.thinking()).isEqualTo("h");
        assertThat(result.text()).isEqualTo("y");
    }

    @Test
    void thinkingThatNeverClosesIsNoAnswer() {
        Result result = result(OPENED_BY_TEMPLATE, TestVocabulary.bytes("on and on"));
        assertThat(result.thinking()).isEqualTo("on and on");
        assertThat(result.text()).isEmpty();
    }

    @Test
    void aModelWithoutThinkingMayWriteTags() {
        Result result = result(ScriptedModel.TEMPLATE, tokens("<think>hm</think>yes"));
        assertThat(result.text()).isEqualTo("<think>hm</think>yes");
    }

    @Test
    void stopStringsAreLookedForInTheAnswerOnly() {
        try (Engine engine = engine(OPENED_BY_MODEL, tokens("<think>a.b</think>c.d"))) {
            Request request =
                    Request.of(Message.user("Hi"))
                            .withStop(Stop.atEndOfTurn().withStrings(List.of(".")));
            Result result = engine.generate(request).result();
            assertThat(result.thinking()).isEqualTo("a.b");
            assertThat(result.text()).isEqualTo("c");
            assertThat(result.finish()).isEqualTo(FinishReason.STOP_STRING);
        }
    }

    @Test
    void aStopStringInTheHeldRestOfTheAnswerCounts() {
        // The parser holds "<thi" back, for it may become a tag, until the turn ends.
        try (Engine engine = engine(OPENED_BY_MODEL, tokens("<thi"))) {
            Request request =
                    Request.of(Message.user("Hi"))
                            .withStop(Stop.atEndOfTurn().withStrings(List.of("thi")));
            Result result = engine.generate(request).result();
            assertThat(result.text()).isEqualTo("<");
            assertThat(result.finish()).isEqualTo(FinishReason.STOP_STRING);
        }
    }

    @Test
    void aLimitInsideTheThinkingLeavesNoAnswer() {
        try (Engine engine = engine(OPENED_BY_MODEL, tokens("<think>abc</think>yes"))) {
            Request request = Request.of(Message.user("Hi")).withMaxTokens("<think>ab".length());
            List<Segment> segments = new ArrayList<>();
            TokenStream stream = engine.generate(request);
            stream.forEach(segments::add);
            assertThat(segments).extracting(Segment::kind).containsOnly(Segment.Kind.THINKING);
            assertThat(stream.result().thinking()).isEqualTo("ab");
            assertThat(stream.result().finish()).isEqualTo(FinishReason.LENGTH);
        }
    }

    private static Result result(String template, int[] answer) {
        try (Engine engine = engine(template, answer)) {
            return engine.ask("Hi").result();
        }
    }

    @Test
    void anEngineTellsWhetherItsModelThinksAndWhatItsTemplateReads() {
        String switched = "{% if enable_thinking %}<think>{% else %}<think></think>{% endif %}";
        try (Engine thinking = engine(switched, new int[0]);
                Engine plain = engine(ScriptedModel.TEMPLATE, new int[0]);
                Engine none = engine("", new int[0])) {
            assertThat(thinking.thinks()).isTrue();
            assertThat(thinking.templateVariables()).containsExactly("enable_thinking");
            assertThat(plain.thinks()).isFalse();
            assertThat(plain.templateVariables())
                    .containsExactlyInAnyOrder("messages", "add_generation_prompt");
            assertThat(none.thinks()).isFalse();
            assertThat(none.templateVariables()).isEmpty();
        }
    }

    private static Engine engine(String template, int[] answer) {
        ScriptedModel.Script script = new Saying(answer);
        return new Engine(
                new ScriptedModel(script),
                TestVocabulary.tokenizer(),
                template,
                Sampling.greedy(),
                EngineOptions.defaults());
    }

    private static int[] tokens(String... texts) {
        return TestVocabulary.bytes(String.join("", texts));
    }

    /// Says an answer after the first prompt that it reads.
    private static final class Saying implements ScriptedModel.Script {
        private final int[] answer;
        private int promptTokens;

        Saying(int[] answer) {
            this.answer = answer;
        }

        @Override
        public float[] logits(int[] tokens) {
            promptTokens = promptTokens == 0 ? tokens.length : promptTokens;
            int said = tokens.length - promptTokens;
            return ScriptedModel.sure(
                    said < answer.length ? answer[said] : TestVocabulary.TURN_END);
        }
    }
}
