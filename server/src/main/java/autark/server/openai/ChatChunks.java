package autark.server.openai;

import autark.engine.Result;
import autark.engine.sample.TokenLogprob;
import autark.server.desk.Job;
import autark.server.desk.Piece;
import autark.server.desk.TokenTexts;
import autark.text.parse.Segment;
import autark.text.token.Tokenizer;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The events of a chat completion.
final class ChatChunks {
    private final Head head;
    private final ChatRequest asked;
    private final Job job;
    private final Tokenizer tokenizer;
    private final TokenTexts tokens;

    /// How many calls each choice has begun.
    private final int[] calls;

    ChatChunks(Head head, ChatRequest asked, Job job, Tokenizer tokenizer) {
        this.head = head;
        this.asked = asked;
        this.job = job;
        this.tokenizer = tokenizer;
        this.tokens = new TokenTexts(tokenizer);
        this.calls = new int[asked.choices()];
    }

    /// A choice begins.
    ObjectNode role(int choice) {
        ObjectNode role = JsonNodeFactory.instance.objectNode();
        role.put("role", "assistant");
        role.put("content", "");
        return chunk(choice, role);
    }

    /// A choice goes on.
    ObjectNode piece(Piece piece) {
        ObjectNode chunk = chunk(piece.choice(), delta(piece.choice(), piece.segment()));
        addLogprobs(chunk, piece.choice());
        return chunk;
    }

    /// A choice has ended.
    ObjectNode end(int choice, Result result) {
        ObjectNode chunk = chunk(choice, JsonNodeFactory.instance.objectNode());
        addLogprobs(chunk, choice);
        choice(chunk).put("finish_reason", Ending.reason(result.finish()));
        return chunk;
    }

    /// What all choices cost.
    ObjectNode usage(List<Result> results) {
        ObjectNode last = head.object("chat.completion.chunk");
        last.putArray("choices");
        last.set("usage", Spent.of(results, tokenizer).completion());
        return last;
    }

    private ObjectNode chunk(int index, ObjectNode delta) {
        ObjectNode chunk = head.object("chat.completion.chunk");
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

    private static ObjectNode choice(ObjectNode chunk) {
        return (ObjectNode) chunk.required("choices").required(0);
    }

    private void addLogprobs(ObjectNode chunk, int choice) {
        List<TokenLogprob> fresh = job.newLogprobs(choice);
        if (asked.request().scoring().answer() && !fresh.isEmpty()) {
            ObjectNode told = choice(chunk).putObject("logprobs");
            told.set("content", tokens.rows(fresh));
            told.putNull("refusal");
        }
    }

    private ObjectNode delta(int choice, Segment segment) {
        ObjectNode delta = JsonNodeFactory.instance.objectNode();
        switch (segment.kind()) {
            case THINKING -> {
                delta.put("reasoning_content", segment.text());
                delta.put("reasoning", segment.text());
            }
            case ANSWER -> delta.put("content", segment.text());
            case CALL_NAME -> {
                int index = calls[choice]++;
                ObjectNode call = call(delta, index);
                call.put("id", job.callId(choice, index));
                call.put("type", "function");
                ObjectNode function = call.putObject("function");
                function.put("name", segment.text());
                function.put("arguments", "");
            }
            case CALL_ARGUMENTS ->
                    call(delta, calls[choice] - 1)
                            .putObject("function")
                            .put("arguments", segment.text());
        }
        return delta;
    }

    private static ObjectNode call(ObjectNode delta, int index) {
        ObjectNode call = delta.putArray("tool_calls").addObject();
        call.put("index", index);
        return call;
    }
}
