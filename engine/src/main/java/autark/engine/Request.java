package autark.engine;

import autark.engine.sample.Sampling;
import autark.text.template.Message;
import java.util.List;
import java.util.Map;

/// What an engine is asked: a prompt, how to choose tokens, and when to stop.
///
/// ```java
/// Request request = Request.of(Message.system("Answer in French."), Message.user("Why?"))
///         .withSampling(engine.sampling().withSeed(7))
///         .withMaxTokens(200);
/// ```
public record Request(Prompt prompt, Sampling sampling, Stop stop, Service service) {
    /// The next turn of a conversation, oldest message first, with [Sampling#standard] and no limit
    /// but the context.
    public static Request of(Message... messages) {
        return of(List.of(messages));
    }

    /// As the other form.
    public static Request of(List<Message> messages) {
        return of(new Prompt.Messages(messages, Map.of()));
    }

    /// What follows a text that no template changes.
    public static Request raw(String text) {
        return of(new Prompt.Text(text));
    }

    /// What follows a prompt of any kind.
    public static Request of(Prompt prompt) {
        return new Request(prompt, Sampling.standard(), Stop.atEndOfTurn(), Service.usual());
    }

    public Request withPrompt(Prompt newPrompt) {
        return new Request(newPrompt, sampling, stop, service);
    }

    public Request withSampling(Sampling newSampling) {
        return new Request(prompt, newSampling, stop, service);
    }

    public Request withStop(Stop newStop) {
        return new Request(prompt, sampling, newStop, service);
    }

    public Request withService(Service newService) {
        return new Request(prompt, sampling, stop, newService);
    }

    public Request withSeed(long seed) {
        return withSampling(sampling.withSeed(seed));
    }

    public Request withMaxTokens(int count) {
        return withStop(stop.withMaxTokens(count));
    }
}
