package autark.engine;

import autark.engine.sample.Sampling;
import autark.text.template.Message;
import java.util.List;
import java.util.Map;

/// What an engine is asked: a prompt, how to choose tokens, when to stop, what the answer has to
/// look like, how it is served, and which tools it may call.
///
/// ```java
/// Request request = Request.of(Message.system("Answer in French."), Message.user("Why?"))
///         .withSampling(engine.sampling().withSeed(7))
///         .withMaxTokens(200);
/// ```
public record Request(
        Prompt prompt,
        Sampling sampling,
        Stop stop,
        Format format,
        Thinking thinking,
        Scoring scoring,
        Service service,
        Tools tools) {
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
        return new Request(
                prompt,
                Sampling.standard(),
                Stop.atEndOfTurn(),
                new Format.Free(),
                Thinking.unlimited(),
                Scoring.none(),
                Service.usual(),
                Tools.none());
    }

    public Request withPrompt(Prompt newPrompt) {
        return new Request(newPrompt, sampling, stop, format, thinking, scoring, service, tools);
    }

    public Request withSampling(Sampling newSampling) {
        return new Request(prompt, newSampling, stop, format, thinking, scoring, service, tools);
    }

    public Request withStop(Stop newStop) {
        return new Request(prompt, sampling, newStop, format, thinking, scoring, service, tools);
    }

    public Request withFormat(Format newFormat) {
        return new Request(prompt, sampling, stop, newFormat, thinking, scoring, service, tools);
    }

    public Request withThinking(Thinking newThinking) {
        return new Request(prompt, sampling, stop, format, newThinking, scoring, service, tools);
    }

    public Request withScoring(Scoring newScoring) {
        return new Request(prompt, sampling, stop, format, thinking, newScoring, service, tools);
    }

    public Request withService(Service newService) {
        return new Request(prompt, sampling, stop, format, thinking, scoring, newService, tools);
    }

    public Request withTools(Tools newTools) {
        return new Request(prompt, sampling, stop, format, thinking, scoring, service, newTools);
    }

    public Request withSeed(long seed) {
        return withSampling(sampling.withSeed(seed));
    }

    public Request withMaxTokens(int count) {
        return withStop(stop.withMaxTokens(count));
    }
}
