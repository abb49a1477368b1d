package autark.server.anthropic;

import autark.engine.FinishReason;
import autark.engine.Request;
import autark.engine.Result;
import autark.engine.Usage;
import autark.server.desk.Desk;
import autark.server.desk.Job;
import autark.server.desk.Piece;
import autark.server.desk.Pulse;
import autark.server.desk.Seat;
import autark.server.http.ApiException;
import autark.server.http.ClientGoneException;
import autark.server.http.Exchange;
import autark.server.http.Fields;
import autark.server.http.JsonBody;
import autark.server.http.Reply;
import autark.text.template.ToolCall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/messages`: the next turn of a conversation, whole or as server-sent events, and the tokens
/// of its prompt.
final class Messages {
    private final Desk desk;
    private final RandomGenerator names;
    private final Duration silence;

    /// @param names of answers
    /// @param silence after which a stream gives a sign of life
    Messages(Desk desk, RandomGenerator names, Duration silence) {
        this.desk = desk;
        this.names = names;
        this.silence = silence;
    }

    /// Answers a request.
    ///
    /// @throws ApiException if it cannot be honoured
    void answer(Exchange exchange) {
        checkQuery(exchange);
        Fields body = Fields.of(exchange.body());
        try (Seat seat = desk.seat(exchange, body.requiredText("model"))) {
            MessagesRequest asked =
                    Seat.told(() -> MessagesRequest.read(body, seat.engine(), seat.sampling()));
            Job job = seat.answer(asked.request(), 1);
            ObjectNode message = message(seat.model().name(), job.promptTokens());
            if (asked.stream()) {
                stream(exchange, message, job);
            } else {
                exchange.reply(named(exchange, whole(message, job.wholeResults().getFirst())));
            }
        }
    }

    /// Counts the tokens of a prompt.
    ///
    /// @throws ApiException if it cannot be honoured
    void count(Exchange exchange) {
        checkQuery(exchange);
        Fields body = Fields.of(exchange.body());
        try (Seat seat = desk.seat(exchange, body.requiredText("model"))) {
            int tokens =
                    Seat.told(() -> {
                        Request asked = MessagesRequest.readPrompt(body, seat.engine());
                        return seat.engine().read(asked).tokens().size();
                    });
            ObjectNode count = JsonNodeFactory.instance.objectNode();
            count.put("input_tokens", tokens);
            exchange.reply(named(exchange, Reply.json(count)));
        }
    }

    private static Reply named(Exchange exchange, Reply reply) {
        return reply.withHeader(AnthropicErrors.REQUEST_ID, exchange.id());
    }

    /// Clients ask for features by `?beta=true`; what they are is said in the body.
    private static void checkQuery(Exchange exchange) {
        exchange.query("beta");
        exchange.endQuery();
    }

    /// The message before anything is written.
    private ObjectNode message(String model, int promptTokens) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("id", "msg_" + HexFormat.of().toHexDigits(names.nextLong()));
        message.put("type", "message");
        message.put("role", "assistant");
        message.put("model", model);
        message.putArray("content");
        message.putNull("stop_reason");
        message.putNull("stop_sequence");
        message.set("usage", usage(promptTokens, 0, 0));
        return message;
    }

    private static Reply whole(ObjectNode message, Result result) {
        ArrayNode content = (ArrayNode) message.get("content");
        if (!result.thinking().isEmpty()) {
            ObjectNode block = content.addObject();
            block.put("type", "thinking");
            block.put("thinking", result.thinking());
            block.put("signature", MessageEvents.signature(result.thinking()));
        }
        if (!result.text().isEmpty()) {
            ObjectNode block = content.addObject();
            block.put("type", "text");
            block.put("text", result.text());
        }
        for (ToolCall call : result.toolCalls()) {
            ObjectNode block = content.addObject();
            block.put("type", "tool_use");
            block.put("id", call.id());
            block.put("name", call.name());
            block.set("input", JsonBody.read(call.arguments().getBytes(StandardCharsets.UTF_8)));
        }
        end(message, result);
        message.set("usage", usage(result.usage()));
        return Reply.json(message);
    }

    private void stream(Exchange exchange, ObjectNode message, Job job) {
        MessageEvents events = new MessageEvents(job);
        try (Pulse out =
                new Pulse(
                        exchange.stream(named(exchange, Pulse.EVENTS)),
                        MessageEvents.PING,
                        silence)) {
            try {
                out.write(events.begin(message));
                for (Piece piece : job) {
                    out.write(events.next(piece.segment()));
                }
                Result result = job.wholeResults().getFirst();
                ObjectNode delta = JsonNodeFactory.instance.objectNode();
                end(delta, result);
                out.write(events.end(delta, usage(result.usage())));
            } catch (ClientGoneException e) {
                throw e;
            } catch (RuntimeException e) {
                out.write(MessageEvents.failed(Job.failure(e, exchange.id()), exchange.id()));
            }
        }
    }

    private static void end(ObjectNode into, Result result) {
        into.put("stop_reason", reason(result.finish()));
        into.put("stop_sequence", result.stop().orElse(null));
    }

    private static String reason(FinishReason reason) {
        return switch (reason) {
            case STOP -> "end_turn";
            case TOOL_CALLS -> "tool_use";
            case STOP_STRING -> "stop_sequence";
            case CONTEXT_FULL -> "model_context_window_exceeded";
            case LENGTH, DEADLINE, CANCELLED -> "max_tokens";
        };
    }

    private static ObjectNode usage(Usage usage) {
        return usage(
                usage.promptTokens() - usage.cachedTokens(),
                usage.cachedTokens(),
                usage.generatedTokens());
    }

    private static ObjectNode usage(int read, int cached, int written) {
        ObjectNode usage = JsonNodeFactory.instance.objectNode();
        usage.put("input_tokens", read);
        usage.put("cache_creation_input_tokens", 0);
        usage.put("cache_read_input_tokens", cached);
        usage.put("output_tokens", written);
        return usage;
    }
}
