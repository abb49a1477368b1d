package autark.server.openai;

import autark.engine.Result;
import autark.engine.sample.TokenLogprob;
import autark.server.desk.Job;
import autark.server.desk.Piece;
import autark.server.desk.Seat;
import autark.server.desk.TokenTexts;
import autark.server.http.ApiException;
import autark.server.http.Exchange;
import autark.server.http.Fields;
import autark.server.http.Reply;
import autark.text.template.ToolCall;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/chat/completions`: the next turn of a conversation, whole or as server-sent events.
///
/// Events are `data: ` and a JSON object each: the role, pieces of thinking, answer and calls, the
/// reason of the end, the usage if it is asked for; then `data: [DONE]`. What fails once the answer
/// has begun is an event with `error`.
final class ChatCompletions {
    private final OpenAi.Parts parts;

    ChatCompletions(OpenAi.Parts parts) {
        this.parts = parts;
    }

    /// Answers a request.
    ///
    /// @throws ApiException if it cannot be honoured
    void handle(Exchange exchange) {
        Fields body = Fields.of(exchange.body());
        Asker asker = Asker.of(parts.desk(), exchange);
        try (Seat seat = asker.seat(body.requiredText("model"))) {
            ChatRequest asked = ChatRequest.read(body, seat);
            Job job = begin(seat, asked, asker);
            if (asked.stream()) {
                stream(exchange, seat, asked, job);
            } else {
                exchange.reply(Reply.json(whole(seat, asked, job)));
            }
        }
    }

    /// The whole answer to a request that does not ask for a stream.
    ///
    /// @throws ApiException if it cannot be honoured or fails
    ObjectNode answer(Asker asker, Fields body) {
        try (Seat seat = asker.seat(body.requiredText("model"))) {
            body.expect("stream", "false", "the answer goes into a file");
            ChatRequest asked = ChatRequest.read(body, seat);
            return whole(seat, asked, begin(seat, asked, asker));
        }
    }

    private static Job begin(Seat seat, ChatRequest asked, Asker asker) {
        return seat.answer(asker.prioritized(asked.request()), asked.choices());
    }

    private ObjectNode whole(Seat seat, ChatRequest asked, Job job) {
        List<Result> results = job.wholeResults();
        ObjectNode body = head(seat).object("chat.completion");
        ArrayNode choices = body.putArray("choices");
        TokenTexts tokens = new TokenTexts(seat.engine().tokenizer());
        for (Result result : results) {
            ObjectNode choice = choices.addObject();
            choice.put("index", choices.size() - 1);
            choice.set("message", message(result));
            if (asked.request().scoring().answer()) {
                choice.set("logprobs", logprobs(tokens, result.logprobs()));
            } else {
                choice.putNull("logprobs");
            }
            choice.put("finish_reason", Ending.reason(result.finish()));
        }
        body.set("usage", Spent.of(results, seat.engine().tokenizer()).completion());
        return body;
    }

    private static ObjectNode message(Result result) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("role", "assistant");
        if (result.text().isEmpty() && !result.toolCalls().isEmpty()) {
            message.putNull("content");
        } else {
            message.put("content", result.text());
        }
        message.putNull("refusal");
        message.putArray("annotations");
        if (!result.thinking().isEmpty()) {
            message.put("reasoning_content", result.thinking());
            message.put("reasoning", result.thinking());
        }
        if (!result.toolCalls().isEmpty()) {
            ArrayNode calls = message.putArray("tool_calls");
            for (ToolCall call : result.toolCalls()) {
                ObjectNode told = calls.addObject();
                told.put("id", call.id());
                told.put("type", "function");
                ObjectNode function = told.putObject("function");
                function.put("name", call.name());
                function.put("arguments", call.arguments());
            }
        }
        return message;
    }

    private static ObjectNode logprobs(TokenTexts tokens, List<TokenLogprob> logprobs) {
        ObjectNode told = JsonNodeFactory.instance.objectNode();
        told.set("content", tokens.rows(logprobs));
        told.putNull("refusal");
        return told;
    }

    private Head head(Seat seat) {
        return new Head(parts.names().next("chatcmpl-"), parts.names().now(), seat.model().name());
    }

    private void stream(Exchange exchange, Seat seat, ChatRequest asked, Job job) {
        ChatChunks chunks = new ChatChunks(head(seat), asked, job, seat.engine().tokenizer());
        try (EventStream out = EventStream.begin(exchange, parts.pingEvery())) {
            out.tell(() -> send(chunks, asked, job, out));
        }
    }

    private static void send(ChatChunks chunks, ChatRequest asked, Job job, EventStream out) {
        for (int choice = 0; choice < asked.choices(); choice++) {
            out.send(chunks.role(choice));
        }
        for (Piece piece : job) {
            out.send(chunks.piece(piece));
        }
        List<Result> results = job.wholeResults();
        for (int choice = 0; choice < results.size(); choice++) {
            out.send(chunks.end(choice, results.get(choice)));
        }
        if (asked.streamUsage()) {
            out.send(chunks.usage(results));
        }
        out.done();
    }
}
