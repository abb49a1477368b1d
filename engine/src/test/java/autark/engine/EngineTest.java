package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import autark.engine.sample.Sampling;
import autark.engine.sample.SamplingException;
import autark.text.parse.Segment;
import autark.text.template.Message;
import autark.text.template.TemplateException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class EngineTest {
    private static final Request BABBLE =
            Request.raw("once upon a time there was").withMaxTokens(20);

    @Test
    void streamsAnAnswer() {
        ScriptedModel model = ScriptedModel.saying("Hello.");
        try (Engine engine = engine(model)) {
            List<String> pieces = new ArrayList<>();
            for (Segment piece : engine.ask("Hi")) {
                assertThat(piece.kind()).isEqualTo(Segment.Kind.ANSWER);
                pieces.add(piece.text());
            }
            assertThat(pieces).containsExactly("H", "e", "l", "l", "o", ".");
        }
        assertThat(model.closed).isTrue();
    }

    @Test
    void resultTellsEverything() {
        try (Engine engine = engine(ScriptedModel.saying("Hi!"))) {
            Result result = engine.ask("Hello").result();
            int promptTokens =
                    "B<user\nHello>\n<assistant\n".length(); // one letter a control token
            assertThat(result.text()).isEqualTo("Hi!");
            assertThat(result.thinking()).isEmpty();
            assertThat(result.tokens()).containsExactly(72, 105, 33, TestVocabulary.TURN_END);
            assertThat(result.finish()).isEqualTo(FinishReason.STOP);
            assertThat(result.usage().promptTokens()).isEqualTo(promptTokens);
            assertThat(result.usage().cachedTokens()).isZero();
            assertThat(result.usage().generatedTokens()).isEqualTo(4);
        }
    }

    @Test
    void readsThePromptInStepsOfLimitedSize() {
        ScriptedModel model = ScriptedModel.babbling();
        try (Engine engine = engine(model)) {
            engine.generate(Request.raw("x".repeat(40)).withMaxTokens(3)).text();
        }
        // 41 tokens with the begin of the sequence, then a step for each token but the last.
        assertThat(model.steps).containsExactly(16, 16, 9, 1, 1);
    }

    @Test
    void measuresWithTheClockItWasGiven() {
        Clock clock = new TickingClock();
        EngineOptions options = EngineOptions.defaults().withClock(clock);
        try (Engine engine = engine(ScriptedModel.babbling(), options)) {
            Usage usage =
                    engine.generate(Request.raw("x".repeat(40)).withMaxTokens(3)).result().usage();
            // A step takes one tick of a second; the prompt takes three steps.
            assertThat(usage.prefill()).isEqualTo(Duration.ofSeconds(3));
            assertThat(usage.decode()).isEqualTo(Duration.ofSeconds(2));
            assertThat(usage.prefillTokensPerSecond()).isEqualTo(41.0 / 3);
            assertThat(usage.decodeTokensPerSecond()).isEqualTo(1);
        }
    }

    @Test
    void theSharesOfAnswersAddUpToTheTimeThatTheEngineWasBusy() {
        EngineOptions options = EngineOptions.defaults().withClock(new TickingClock());
        ScriptedModel model = ScriptedModel.babbling();
        try (Engine engine = engine(model, options)) {
            Request request = Request.raw("x".repeat(40)).withMaxTokens(3);
            List<Usage> usages =
                    engine.generate(request, 3).stream().map(s -> s.result().usage()).toList();
            Duration shares =
                    usages.stream().map(Usage::computed).reduce(Duration.ZERO, Duration::plus);
            // A step takes one tick of a second.
            assertThat(shares).isEqualTo(Duration.ofSeconds(model.steps.size()));
            // The first reads the prompt for all; the steps behind it are shared.
            assertThat(usages.get(0).computed())
                    .isGreaterThan(usages.get(1).computed().plusSeconds(2));
            assertThat(usages).allMatch(usage -> usage.computed().isPositive());
        }
    }

    @Test
    void theTemplateGetsTheMessagesTheVariablesAndTheTime() {
        String template =
                "{{ bos_token }}{{ messages[0].content }}{{ enable_thinking }}{{ eos_token }}"
                        + "{{ strftime_now('%Y') }}";
        ScriptedModel model = ScriptedModel.babbling();
        EngineOptions options = EngineOptions.defaults().withClock(new TickingClock());
        try (Engine engine =
                new Engine(
                        model, TestVocabulary.tokenizer(), template, Sampling.greedy(), options)) {
            Prompt prompt =
                    new Prompt.Messages(
                            List.of(Message.user("Hi")), Map.of("enable_thinking", false));
            engine.generate(Request.of(prompt).withMaxTokens(1)).text();
        }
        assertThat(model.readTokens()).isEqualTo("BHiFalseE1970".length());
    }

    @Test
    void variablesThatTheTemplateDoesNotReadAreRefused() {
        try (Engine engine = engine(ScriptedModel.saying("x"))) {
            refused(
                    engine,
                    Map.of("enable_thinking", true),
                    "variable 'enable_thinking' is unknown");
            refused(
                    engine,
                    Map.of("tools", List.of()),
                    "expected them as the tools of the request");
            assertThatExceptionOfType(TemplateException.class)
                    .isThrownBy(() -> engine.generate(withVariables(Map.of("messages", "x"))))
                    .withMessageContaining("reserved");
        }
    }

    @Test
    void theBeginOfTheSequenceComesOnce() {
        assertThat(readTokens(true, Request.raw("ab"))).isEqualTo(3);
        assertThat(readTokens(true, Request.raw("<s>ab"))).isEqualTo(3);
        assertThat(readTokens(false, Request.raw("ab"))).isEqualTo(2);
        assertThat(readTokens(true, Request.of(new Prompt.Tokens(List.of(97, 98))))).isEqualTo(2);
    }

    @Test
    void refusesPromptsThatCannotBeAnswered() {
        try (Engine engine = engine(ScriptedModel.saying("x"))) {
            assertThatExceptionOfType(PromptTooLongException.class)
                    .isThrownBy(() -> engine.generate(Request.raw("x".repeat(199))))
                    .withMessageContaining("200 tokens of prompt and answer")
                    .satisfies(e -> assertThat(e.promptTokens()).isEqualTo(200))
                    .satisfies(e -> assertThat(e.contextTokens()).isEqualTo(200));
            refused(engine, new Prompt.Tokens(List.of()), "empty prompt");
            refused(engine, new Prompt.Tokens(List.of(1, 263)), "found token 263");
            refused(engine, new Prompt.Tokens(List.of(-1)), "found token -1");
            refused(engine, new Prompt.Messages(List.of(), Map.of()), "found no message");
        }
    }

    @Test
    void aModelWithoutATemplateAnswersRawPromptsOnly() {
        try (Engine engine =
                new Engine(
                        ScriptedModel.babbling(),
                        TestVocabulary.tokenizer(),
                        "",
                        Sampling.greedy(),
                        EngineOptions.defaults())) {
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> engine.ask("Hi"))
                    .withMessageContaining("no chat template");
            assertThat(engine.generate(BABBLE).text()).hasSize(20);
        }
    }

    @Test
    void aBrokenTemplateFailsWhenItIsUsed() {
        try (Engine engine =
                new Engine(
                        ScriptedModel.babbling(),
                        TestVocabulary.tokenizer(),
                        "{% for %}",
                        Sampling.greedy(),
                        EngineOptions.defaults())) {
            assertThatExceptionOfType(TemplateException.class).isThrownBy(() -> engine.ask("Hi"));
            assertThat(engine.generate(BABBLE).text()).hasSize(20);
        }
    }

    @Test
    void endsAtEveryTokenThatEndsATurn() {
        for (int end : new int[] {TestVocabulary.END, TestVocabulary.TURN_END}) {
            try (Engine engine = engine(ScriptedModel.saying('a', end, 'b'))) {
                Result result = engine.ask("Hi").result();
                assertThat(result.text()).isEqualTo("a");
                assertThat(result.finish()).isEqualTo(FinishReason.STOP);
            }
        }
    }

    @Test
    void endsAtStopTokensAndStopStrings() {
        try (Engine engine = engine(ScriptedModel.saying("one two three"))) {
            Stop stop = Stop.atEndOfTurn();
            Request request = Request.of(Message.user("Count"));
            Result byToken =
                    engine.generate(request.withStop(stop.withTokens(Set.of((int) 't')))).result();
            assertThat(byToken.text()).isEqualTo("one ");
            assertThat(byToken.finish()).isEqualTo(FinishReason.STOP);
            Result byString =
                    engine.generate(request.withStop(stop.withStrings(List.of("two t")))).result();
            assertThat(byString.text()).isEqualTo("one ");
            assertThat(byString.finish()).isEqualTo(FinishReason.STOP_STRING);
            assertThat(byString.stop()).contains("two t");
            assertThat(byToken.stop()).isEmpty();
            assertThat(byString.usage().generatedTokens()).isEqualTo("one two t".length());
        }
    }

    @Test
    void neverShowsTheStartOfAStopString() {
        try (Engine engine = engine(ScriptedModel.saying("one two"))) {
            Request request =
                    Request.of(Message.user("Count"))
                            .withStop(Stop.atEndOfTurn().withStrings(List.of(" two")));
            StringBuilder shown = new StringBuilder();
            engine.generate(request).forEach(piece -> shown.append(piece.text()));
            assertThat(shown.toString()).isEqualTo("one");
        }
    }

    @Test
    void writesAtMostTheTokensThatWereAskedFor() {
        try (Engine engine = engine(ScriptedModel.saying("12345"))) {
            Request request = Request.of(Message.user("Count"));
            Result cut = engine.generate(request.withMaxTokens(3)).result();
            assertThat(cut.text()).isEqualTo("123");
            assertThat(cut.finish()).isEqualTo(FinishReason.LENGTH);
            assertThat(engine.generate(request.withMaxTokens(6)).result().finish())
                    .isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void endsWhenTheContextIsFull() {
        ScriptedModel model = ScriptedModel.babbling();
        try (Engine engine = engine(model)) {
            Result result = engine.generate(Request.raw("x".repeat(150))).result();
            assertThat(result.finish()).isEqualTo(FinishReason.CONTEXT_FULL);
            assertThat(result.usage().promptTokens() + result.usage().generatedTokens())
                    .isEqualTo(ScriptedModel.CONTEXT_LENGTH);
        }
    }

    @Test
    void showsWholeCharactersAndDropsOneThatTheLimitCuts() {
        try (Engine engine = engine(ScriptedModel.saying("aé€"))) {
            List<String> pieces = new ArrayList<>();
            engine.ask("Hi").forEach(piece -> pieces.add(piece.text()));
            assertThat(pieces).containsExactly("a", "é", "€");
            Request cut = Request.of(Message.user("Hi")).withMaxTokens(5);
            assertThat(engine.generate(cut).text()).isEqualTo("aé");
        }
        try (Engine engine = engine(ScriptedModel.saying('a', 0xC3))) {
            assertThat(engine.ask("Hi").text()).isEqualTo("a\uFFFD");
        }
    }

    @Test
    void aCancelledAnswerKeepsWhatWasWritten() {
        CountDownLatch cancelled = new CountDownLatch(1);
        ScriptedModel model =
                new ScriptedModel(tokens -> {
                    if (tokens[tokens.length - 1] == 'z') {
                        await(cancelled);
                    }
                    return ScriptedModel.sure(tokens[tokens.length - 1] == 'x' ? 'z' : 'x');
                });
        try (Engine engine = engine(model)) {
            TokenStream stream = engine.generate(Request.raw("Hi"));
            Iterator<Segment> pieces = stream.iterator();
            pieces.next();
            pieces.next();
            stream.cancel();
            cancelled.countDown();
            StringBuilder rest = new StringBuilder();
            pieces.forEachRemaining(piece -> rest.append(piece.text()));
            assertThat(stream.finished()).isTrue();
            assertThat(stream.result().text()).isEqualTo("xz" + rest);
            assertThat(stream.result().finish()).isEqualTo(FinishReason.CANCELLED);
        }
    }

    @Test
    void cancellingBeforeTheFirstStepReadsNothing() {
        ScriptedModel model = ScriptedModel.saying("abc");
        try (Engine engine = engine(model);
                BusyEngine busy = BusyEngine.keep(engine);
                TokenStream stream = engine.ask("Hi")) {
            stream.cancel();
            busy.release();
            assertThat(stream.result().finish()).isEqualTo(FinishReason.CANCELLED);
            assertThat(model.steps).isEmpty();
        }
    }

    @Test
    void closingKeepsAnEndThatWasReached() {
        try (Engine engine = engine(ScriptedModel.saying("ab"))) {
            TokenStream stream = engine.ask("Hi");
            stream.text();
            stream.close();
            assertThat(stream.result().finish()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void whatComesDuringTheLastStepOfAnEngineFails() throws InterruptedException {
        Engine[] engine = new Engine[1];
        TokenStream[] late = new TokenStream[1];
        Thread closer = new Thread(() -> engine[0].close());
        ScriptedModel model =
                new ScriptedModel(_ -> {
                    if (late[0] == null) {
                        late[0] = engine[0].generate(BABBLE);
                        closer.start();
                        Waits.until(closer, "join"); // for this step
                    }
                    return ScriptedModel.sure('x');
                });
        engine[0] = engine(model);
        TokenStream stream = engine[0].ask("Hi");
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(stream::text)
                .withMessage("the engine is closed");
        closer.join();
        assertThat(late[0].finished()).isTrue();
        assertThatExceptionOfType(EngineException.class).isThrownBy(late[0]::text);
    }

    @Test
    void aStreamOfAClosedEngineFails() {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        ScriptedModel model =
                new ScriptedModel(_ -> {
                    reading.countDown();
                    await(closing);
                    return ScriptedModel.sure('x');
                });
        Engine engine = engine(model);
        TokenStream stream = engine.ask("Hi");
        await(reading);
        Thread closer = Thread.ofPlatform().start(engine::close);
        Waits.until(closer, "join");
        closing.countDown();
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(stream::text)
                .withMessage("the engine is closed");
        engine.close();
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> engine.ask("Hi"))
                .withMessage("the engine is closed");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void logitsThatAreNoNumbersEndTheAnswerAndNotTheEngine() {
        boolean[] broken = {true};
        ScriptedModel model =
                new ScriptedModel(
                        _ -> broken[0] ? allNan() : ScriptedModel.sure(TestVocabulary.END));
        try (Engine engine = engine(model)) {
            TokenStream stream = engine.ask("Hi");
            assertThatExceptionOfType(SamplingException.class).isThrownBy(stream::text);
            assertThat(stream.finished()).isTrue();
            broken[0] = false;
            assertThat(engine.ask("Hi").result().finish()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void theSameRequestGivesTheSameAnswerAndAnotherSeedAnother() {
        try (Engine engine = engine(ScriptedModel.babbling())) {
            String first = engine.generate(BABBLE.withSeed(1)).text();
            assertThat(engine.generate(BABBLE.withSeed(1)).text()).isEqualTo(first);
            assertThat(engine.generate(BABBLE.withSeed(2)).text()).isNotEqualTo(first);
        }
    }

    @Test
    void answersThatAreReadInTurnsAreThoseReadAlone() {
        List<String> alone = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            try (Engine engine = engine(ScriptedModel.babbling())) {
                alone.add(engine.generate(BABBLE.withSeed(i)).text());
            }
        }
        EngineOptions fewSequences = EngineOptions.defaults().withRunningMax(2);
        ScriptedModel model = ScriptedModel.babbling();
        try (Engine engine = engine(model, fewSequences)) {
            List<TokenStream> streams = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                streams.add(engine.generate(BABBLE.withSeed(i)));
            }
            List<Iterator<Segment>> readers = streams.stream().map(TokenStream::iterator).toList();
            while (readers.stream().anyMatch(Iterator::hasNext)) {
                readers.stream().filter(Iterator::hasNext).forEach(Iterator::next);
            }
            assertThat(streams).extracting(TokenStream::text).isEqualTo(alone);
        }
    }

    @Test
    void threadsGetTheAnswersThatTheyWouldGetAlone() throws Exception {
        List<String> alone = new ArrayList<>();
        try (Engine engine = engine(ScriptedModel.babbling())) {
            for (int i = 0; i < 8; i++) {
                alone.add(engine.generate(BABBLE.withSeed(i)).text());
            }
        }
        try (Engine engine = engine(ScriptedModel.babbling());
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<String>> asks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Request request = BABBLE.withSeed(i);
                asks.add(() -> engine.generate(request).text());
            }
            List<String> together = new ArrayList<>();
            for (Future<String> answer : threads.invokeAll(asks)) {
                together.add(answer.get());
            }
            assertThat(together).isEqualTo(alone);
        }
    }

    @Test
    void aForgottenStreamBlocksNobody() {
        ScriptedModel model = ScriptedModel.babbling();
        EngineOptions options = EngineOptions.defaults().withRunningMax(1);
        try (Engine engine = engine(model, options)) {
            for (int i = 0; i < 10; i++) {
                assertThat(engine.generate(BABBLE).iterator().hasNext()).isTrue();
            }
            assertThat(engine.generate(BABBLE).text()).hasSize(20);
        }
    }

    @Test
    void aPromptThatBeganBeforeIsNotReadAgain() {
        ScriptedModel model = ScriptedModel.babbling();
        try (Engine engine = engine(model)) {
            Result first = engine.generate(BABBLE.withSeed(3)).result();
            model.steps.clear();
            Result again = engine.generate(BABBLE.withSeed(3)).result();
            assertThat(again.text()).isEqualTo(first.text());
            assertThat(again.usage().cachedTokens()).isEqualTo(again.usage().promptTokens() - 1);
            assertThat(model.steps.getFirst()).isEqualTo(1);
        }
    }

    private static Engine engine(ScriptedModel model) {
        return engine(model, EngineOptions.defaults());
    }

    private static Engine engine(ScriptedModel model, EngineOptions options) {
        return new Engine(
                model,
                TestVocabulary.tokenizer(),
                ScriptedModel.TEMPLATE,
                Sampling.standard(),
                options);
    }

    private static Request withVariables(Map<String, ?> variables) {
        return Request.of(new Prompt.Messages(List.of(Message.user("Hi")), variables));
    }

    private static void refused(Engine engine, Map<String, ?> variables, String message) {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> engine.generate(withVariables(variables)))
                .withMessageContaining(message);
    }

    private static void refused(Engine engine, Prompt prompt, String message) {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> engine.generate(Request.of(prompt)))
                .withMessageContaining(message);
    }

    private static float[] allNan() {
        float[] logits = new float[TestVocabulary.SIZE];
        Arrays.fill(logits, Float.NaN);
        return logits;
    }

    /// How many tokens the model reads of a prompt.
    private static int readTokens(boolean addsBegin, Request request) {
        ScriptedModel model = ScriptedModel.babbling();
        try (Engine engine =
                new Engine(
                        model,
                        TestVocabulary.tokenizer(addsBegin),
                        ScriptedModel.TEMPLATE,
                        Sampling.greedy(),
                        EngineOptions.defaults())) {
            engine.generate(request.withMaxTokens(1)).text();
        }
        return model.readTokens();
    }
}
