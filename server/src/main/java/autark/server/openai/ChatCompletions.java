package autark.server.openai;

import autark.engine.EngineException;
import autark.engine.FinishReason;
import autark.engine.Result;
import autark.engine.Usage;
import autark.server.desk.Desk;
import autark.server.desk.Job;
import autark.server.desk.Piece;
import autark.server.desk.Seat;
import autark.server.http.ApiException;
import autark.server.http.Exchange;
import autark.server.http.Fields;
import autark.server.http.Outflow;
import autark.server.http.Reply;
import autark.text.parse.Segment;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/chat/completions`: the next turn of a conversation, whole or as server-sent events.
///
/// Events are `data: ` and a JSON object each: the role, pieces of thinking and answer, the reason
/// of the end, the usage if it is asked for; then `data: [DONE]`. What fails once the answer has
/// begun is an event with `error`.
final class ChatCompletions {
    private static final String DONE = "data: [DONE]\n\n";

    private final Desk desk;
    private final Clock clock;
    private final RandomGenerator names;

    /// @param names of answers
    ChatCompletions(Desk desk, Clock clock, RandomGenerator names) {
        this.desk = desk;
        this.clock = clock;
        this.names = names;
    }

    /// Answers a request.
    ///
    /// @throws ApiException if it cannot be honoured
    void handle(Exchange exchange) {
        Fields body = Fields.of(exchange.body());
        try (Seat seat = desk.seat(exchange, body.requiredText("model"))) {
            ChatRequest asked = Seat.told(() -> ChatRequest.read(body, seat.sampling()));
            Job job = seat.answer(asked.request(), asked.choices());
            Head head =
                    new Head(
                            "chatcmpl-" + HexFormat.of().toHexDigits(names.nextLong()),
                            clock.instant().getEpochSecond(),
                            seat.model().name());
            if (asked.stream()) {
                stream(exchange, head, asked, job);
            } else {
                exchange.reply(whole(head, job.results()));
            }
        }
    }

    /// What all parts of an answer say.
    private record Head(String id, long created, String model) {}

    private static ObjectNode object(Head head, String kind) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("id", head.id());
        object.put("object", kind);
        object.put("created", head.created());
        object.put("model", head.model());
        return object;
    }

    private static Reply whole(Head head, List<Result> results) {
        ObjectNode body = object(head, "chat.completion");
        var choices = body.putArray("choices");
        for (Result result : results) {
            ObjectNode choice = choices.addObject();
            choice.put("index", choices.size() - 1);
            ObjectNode message = choice.putObject("message");
            message.put("role", "assistant");
            message.put("content", result.text());
            message.putNull("refusal");
            if (!result.thinking().isEmpty()) {
                message.put("reasoning_content", result.thinking());
            }
            choice.putNull("logprobs");
            choice.put("finish_reason", reason(result.finish()));
        }
        body.set("usage", usage(results));
        return Reply.json(body);
    }

    private static void stream(Exchange exchange, Head head, ChatRequest asked, Job job) {
        Reply begin =
                Reply.text("text/event-stream", "")
                        .withHeader("cache-control", "no-cache")
                        .withHeader("x-accel-buffering", "no");
        try (Outflow out = exchange.stream(begin)) {
            try {
                for (int choice = 0; choice < asked.choices(); choice++) {
                    out.write(event(chunk(head, choice, role(), asked)));
                }
                for (Piece piece : job) {
                    out.write(event(chunk(head, piece.choice(), delta(piece.segment()), asked)));
                }
                List<Result> results = job.results();
                for (int choice = 0; choice < results.size(); choice++) {
                    out.write(event(end(head, choice, results.get(choice), asked)));
                }
                if (asked.streamUsage()) {
                    ObjectNode last = object(head, "chat.completion.chunk");
                    last.putArray("choices");
                    last.set("usage", usage(results));
                    out.write(event(last));
                }
                out.write(DONE);
            } catch (EngineException e) {
                out.write(
                        event(
                                OpenAiErrors.body(
                                        ApiException.of(
                                                ApiException.Kind.INTERNAL, e.getMessage()))));
            }
        }
    }

    private static ObjectNode role() {
        ObjectNode role = JsonNodeFactory.instance.objectNode();
        role.put("role", "assistant");
        role.put("content", "");
        return role;
    }

    private static ObjectNode chunk(Head head, int index, ObjectNode delta, ChatRequest asked) {
        ObjectNode chunk = object(head, "chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject();
        choice.put("index", index);
        choice.set("delta", delta);
        choice.putNull("logprobs");
        choice.putNull("finish_reason");
        if (asked.streamUsage()) {
            chunk.putNull("usage");
        }
        return chunk;
    }

    private static ObjectNode end(Head head, int index, Result result, ChatRequest asked) {
        ObjectNode chunk = chunk(head, index, JsonNodeFactory.instance.objectNode(), asked);
        ((ObjectNode) chunk.get("choices").get(0)).put("finish_reason", reason(result.finish()));
        return chunk;
    }

    private static ObjectNode delta(Segment piece) {
        ObjectNode delta = JsonNodeFactory.instance.objectNode();
        switch (piece.kind()) {
            case THINKING -> delta.put("reasoning_content", piece.text());
            case ANSWER -> delta.put("content", piece.text());
            case CALL_NAME, CALL_ARGUMENTS ->
                    throw new IllegalStateException("no tools were given");
        }
        return delta;
    }

    private static String event(ObjectNode data) {
        return "data: " + data + "\n\n";
    }

    private static String reason(FinishReason reason) {
        return switch (reason) {
            case STOP, STOP_STRING, CANCELLED -> "stop";
            case LENGTH, CONTEXT_FULL, DEADLINE -> "length";
            case TOOL_CALLS -> "tool_calls";
        };
    }

    private static ObjectNode usage(List<Result> results) {
        Usage first = results.getFirst().usage();
        int written = results.stream().mapToInt(one -> one.usage().generatedTokens()).sum();
        ObjectNode usage = JsonNodeFactory.instance.objectNode();
        usage.put("prompt_tokens", first.promptTokens());
        usage.put("completion_tokens", written);
        usage.put("total_tokens", first.promptTokens() + written);
        usage.putObject("prompt_tokens_details").put("cached_tokens", first.cachedTokens());
        return usage;
    }
}
