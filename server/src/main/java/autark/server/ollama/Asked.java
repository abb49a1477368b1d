package autark.server.ollama;

import autark.engine.Engine;
import autark.engine.Format;
import autark.engine.Request;
import autark.engine.Scoring;
import autark.engine.Thinking;
import autark.engine.sample.Logprobs;
import autark.engine.sample.Sampling;
import autark.server.desk.ThinkingWish;
import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.http.Fields;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a client asks of `/api/generate` or `/api/chat`. Each field is honoured or refused by name;
/// the page docs/reference/api-ollama.md lists them.
///
/// @param request the same in the engine's terms
/// @param stream whether the answer is sent as it is written
/// @param keepAlive how long the model shall stay loaded, if the client says it
record Asked(Request request, boolean stream, Optional<Duration> keepAlive) {
    /// @param body whose model has been read
    /// @param recommended the sampling where the client names none
    /// @throws ApiException if a field cannot be honoured
    static Asked read(
            Fields body, Dialogue dialogue, Engine engine, Sampling recommended, Caller caller) {
        Request request =
                dialogue.read(body)
                        .withSampling(recommended)
                        .withFormat(format(body))
                        .withScoring(scoring(body));
        request = think(body, request, engine);
        Optional<Fields> options = body.object("options");
        if (options.isPresent()) {
            request = OptionFields.read(options.get(), request, engine);
        }
        boolean stream = body.flag("stream").orElse(true);
        Optional<Duration> keepAlive = KeepAlive.read(body, caller);
        body.expect("truncate", "false", "a prompt that is too long is refused, not cut");
        body.flag("useTools"); // ollama4j talks to itself
        body.expect("shift", "false", "an answer ends when the context is full");
        body.end();
        return new Asked(request, stream, keepAlive);
    }

    private static Request think(Fields body, Request request, Engine engine) {
        Optional<JsonNode> think = body.any("think");
        if (think.isEmpty()) {
            return request;
        }
        ThinkingWish wish;
        if (think.get().isBoolean()) {
            wish =
                    think.get().booleanValue()
                            ? new ThinkingWish.On(Thinking.UNLIMITED)
                            : new ThinkingWish.Off();
        } else {
            wish =
                    new ThinkingWish.Effort(
                            body.word("think", ThinkingWish.EFFORTS.keySet()).orElseThrow());
        }
        return wish.of(request, engine, "think");
    }

    private static Format format(Fields body) {
        Optional<JsonNode> format = body.any("format");
        if (format.isEmpty()) {
            return new Format.Free();
        }
        if (!format.get().isString()) {
            return new Format.JsonSchema(format.get().toString());
        }
        return switch (format.get().stringValue()) {
            case "" -> new Format.Free();
            case "json" -> new Format.JsonObject();
            default -> throw body.invalid("format", "expected \"json\" or a JSON Schema");
        };
    }

    private static Scoring scoring(Fields body) {
        boolean wanted = body.flag("logprobs").orElse(false);
        int top = body.integer("top_logprobs", 0, Logprobs.TOP_MAX).orElse(0);
        if (top > 0 && !wanted) {
            throw body.invalid("top_logprobs", "found it without logprobs");
        }
        return new Scoring(wanted, false, top);
    }
}
