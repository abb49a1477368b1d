package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import autark.engine.sample.Sampling;
import autark.text.template.Message;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class ChatTest {
    @Test
    void remembersWhatWasSaid() {
        try (Engine engine = engine(ScriptedModel.saying("Yes."))) {
            Chat chat = Chat.start(engine, Message.system("Be brief."));
            chat.send("One?").text();
            chat.send("Two?").text();
            assertThat(chat.messages())
                    .containsExactly(
                            Message.system("Be brief."),
                            Message.user("One?"),
                            Message.assistant("Yes.", ""),
                            Message.user("Two?"),
                            Message.assistant("Yes.", ""));
        }
    }

    @Test
    void readsOnlyWhatIsNew() {
        ScriptedModel model = ScriptedModel.saying("Yes.");
        try (Engine engine = engine(model, withoutGuesses())) {
            Chat chat = Chat.start(engine);
            chat.send("One?").text();
            model.steps.clear();
            Usage usage = chat.send("Two?").result().usage();
            // The end of the first turn was drawn, but never read.
            String fresh = ">\n<user\nTwo?>\n<assistant\n";
            assertThat(usage.cachedTokens()).isEqualTo(usage.promptTokens() - fresh.length());
            assertThat(model.readTokens()).isEqualTo(fresh.length() + "Yes.".length());
        }
    }

    @Test
    void answersWithAndWithoutTheCacheAreEqual() {
        String first;
        String second;
        try (Engine engine = engine(ScriptedModel.babbling())) {
            Chat chat = Chat.start(engine, settings());
            first = chat.send("One?").text();
            Result result = chat.send("Two?").result();
            second = result.text();
            assertThat(result.usage().cachedTokens()).isPositive();
        }
        try (Engine engine = engine(ScriptedModel.babbling())) {
            Chat chat =
                    Chat.start(
                            engine,
                            settings()
                                    .withPrompt(
                                            Request.of(
                                                            Message.user("One?"),
                                                            Message.assistant(first, ""))
                                                    .prompt()));
            Result fresh = chat.send("Two?").result();
            assertThat(fresh.text()).isEqualTo(second);
            assertThat(fresh.usage().cachedTokens()).isZero();
        }
    }

    @Test
    void anAnswerThatIsNotReadToItsEndIsCutOff() {
        CountDownLatch cancelled = new CountDownLatch(1);
        ScriptedModel model =
                new ScriptedModel(tokens -> {
                    if (tokens[tokens.length - 1] == 'x') {
                        BusyEngine.await(cancelled);
                    }
                    return ScriptedModel.sure('x');
                });
        try (Engine engine = engine(model)) {
            Chat chat = Chat.start(engine);
            TokenStream first = chat.send("One?");
            assertThat(first.iterator().next().text()).isEqualTo("x");
            first.cancel();
            cancelled.countDown();
            chat.send("Two?").cancel();
            String written = first.result().text();
            assertThat(first.result().finish()).isEqualTo(FinishReason.CANCELLED);
            assertThat(chat.messages())
                    .startsWith(Message.user("One?"), Message.assistant(written, ""));
        }
    }

    @Test
    void anAnswerCancelledBeforeItsFirstWordLeavesNoTrace() {
        try (Engine engine = engine(ScriptedModel.saying("Yes."))) {
            Chat chat = Chat.start(engine);
            BusyEngine busy = BusyEngine.keep(engine);
            TokenStream stream = chat.send("One?");
            stream.cancel();
            busy.release();
            stream.close();
            assertThat(chat.messages()).isEmpty();
        }
    }

    @Test
    void aMessageThatIsTooLongIsNotPartOfTheConversation() {
        try (Engine engine = engine(ScriptedModel.saying("Yes."))) {
            Chat chat = Chat.start(engine);
            chat.send("One?").text();
            assertThatExceptionOfType(PromptTooLongException.class)
                    .isThrownBy(() -> chat.send("x".repeat(300)));
            assertThat(chat.messages())
                    .containsExactly(Message.user("One?"), Message.assistant("Yes.", ""));
            chat.clear();
            assertThat(chat.messages()).isEmpty();
        }
    }

    @Test
    void needsMessages() {
        try (Engine engine = engine(ScriptedModel.saying("Yes."))) {
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> Chat.start(engine, Request.raw("x")))
                    .withMessageContaining("found a raw prompt");
        }
    }

    private static Request settings() {
        return Request.of().withMaxTokens(12).withSeed(9);
    }

    private static EngineOptions withoutGuesses() {
        return EngineOptions.defaults().withSpeculation(new Speculation.Off());
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
}
