package autark.engine;

import autark.text.template.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A conversation that remembers what was said.
///
/// ```java
/// Chat chat = Chat.start(engine, Message.system("You are brief."));
/// System.out.println(chat.send("What is a monad?").text());
/// System.out.println(chat.send("And in plain words?").text());
/// ```
///
/// For one thread.
public final class Chat {
    private final Engine engine;
    private final Request settings;
    private final Prompt.Messages opening;
    private final List<Message> messages;
    private @Nullable TokenStream current;

    private Chat(Engine engine, Request settings, Prompt.Messages opening) {
        this.engine = engine;
        this.settings = settings;
        this.opening = opening;
        this.messages = new ArrayList<>(opening.messages());
    }

    /// A conversation that begins with these messages, if any, and has the sampling that the model
    /// recommends.
    public static Chat start(Engine engine, Message... opening) {
        return start(engine, Request.of(opening).withSampling(engine.sampling()));
    }

    /// A conversation that begins with the messages of `settings`, if any, and answers with its
    /// template variables, sampling and stop.
    ///
    /// @throws EngineException if its prompt is not of messages
    public static Chat start(Engine engine, Request settings) {
        return switch (settings.prompt()) {
            case Prompt.Messages opening -> new Chat(engine, settings, opening);
            case Prompt.Text _, Prompt.Tokens _ ->
                    throw new EngineException("found a raw prompt, expected messages");
        };
    }

    /// The answer to the next message. An earlier answer that has not ended is cut off where it is.
    /// If this throws, the message is not part of the conversation.
    ///
    /// @throws PromptTooLongException if the conversation has become too long
    public TokenStream send(String message) {
        settle();
        List<Message> prompt = new ArrayList<>(messages);
        prompt.add(Message.user(message));
        current =
                engine.generate(
                        settings.withPrompt(new Prompt.Messages(prompt, opening.variables())));
        messages.add(prompt.getLast());
        return current;
    }

    /// What was said, oldest first. An answer is part of it once it has ended or the next message
    /// is sent.
    public List<Message> messages() {
        if (current != null && current.finished()) {
            settle();
        }
        return List.copyOf(messages);
    }

    /// Forgets all but the opening.
    public void clear() {
        settle();
        messages.clear();
        messages.addAll(opening.messages());
    }

    /// Adds the latest answer to the messages. One that was cancelled before its first word leaves
    /// no trace, its question neither.
    private void settle() {
        if (current == null) {
            return;
        }
        current.close();
        Result result = current.result();
        current = null;
        boolean wordless = result.text().isEmpty() && result.thinking().isEmpty();
        if (wordless && result.finish() == FinishReason.CANCELLED) {
            messages.removeLast();
        } else {
            messages.add(Message.assistant(result.text(), result.thinking(), result.toolCalls()));
        }
    }
}
