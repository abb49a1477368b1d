package autark.server.openai;

import autark.engine.sample.TokenLogprob;
import autark.server.desk.Job;
import autark.server.desk.Piece;
import autark.server.desk.TokenTexts;
import autark.text.parse.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes the items of a response of the pieces of an answer, and an event of each thing that
/// happens to them. The whole response is made by the same way as a streamed one, so both are
/// equal.
final class ResponseWriter {
    private final ResponseRequest asked;
    private final Job job;
    private final TokenTexts tokens;
    private final Names names;
    private final Consumer<ObjectNode> events;
    private final ArrayNode output = JsonNodeFactory.instance.arrayNode();
    private final StringBuilder text = new StringBuilder();
    private final List<JsonNode> logprobs = new ArrayList<>();
    private @Nullable Kind open;
    private int calls;

    /// What an item is.
    private enum Kind {
        REASONING("rs_", "reasoning"),
        MESSAGE("msg_", "message"),
        CALL("fc_", "function_call");

        private final String prefix;
        private final String type;

        Kind(String prefix, String type) {
            this.prefix = prefix;
            this.type = type;
        }
    }

    /// @param events takes what happens
    ResponseWriter(
            ResponseRequest asked,
            Job job,
            TokenTexts tokens,
            Names names,
            Consumer<ObjectNode> events) {
        this.asked = asked;
        this.job = job;
        this.tokens = tokens;
        this.names = names;
        this.events = events;
    }

    /// The items so far.
    ArrayNode output() {
        return output;
    }

    /// Takes the next piece.
    void add(Piece piece) {
        Segment segment = piece.segment();
        switch (segment.kind()) {
            case THINKING -> {
                begin(Kind.REASONING);
                delta("response.reasoning_text.delta", segment.text());
            }
            case ANSWER -> {
                begin(Kind.MESSAGE);
                delta("response.output_text.delta", segment.text());
            }
            case CALL_NAME -> {
                end("completed");
                beginCall(segment.text());
            }
            case CALL_ARGUMENTS -> delta("response.function_call_arguments.delta", segment.text());
        }
    }

    /// Ends what is open.
    ///
    /// @param status of the last item
    void finish(String status) {
        if (output.isEmpty()) {
            begin(Kind.MESSAGE);
        }
        end(status);
    }

    private void begin(Kind kind) {
        if (open == kind) {
            return;
        }
        end("completed");
        ObjectNode item = item(kind);
        if (kind == Kind.REASONING) {
            item.putArray("summary");
        } else {
            item.put("role", "assistant");
        }
        item.putArray("content");
        added(item);
        part("response.content_part.added", textPart(kind, ""));
    }

    private void beginCall(String name) {
        ObjectNode item = item(Kind.CALL);
        item.put("call_id", job.callId(0, calls));
        item.put("name", name);
        item.put("arguments", "");
        calls++;
        added(item);
    }

    private ObjectNode item(Kind kind) {
        open = kind;
        text.setLength(0);
        ObjectNode item = output.addObject();
        item.put("id", names.next(kind.prefix));
        item.put("type", kind.type);
        item.put("status", "in_progress");
        return item;
    }

    private void added(ObjectNode item) {
        ObjectNode event = event("response.output_item.added");
        event.remove("item_id");
        event.set("item", item.deepCopy());
        events.accept(event);
    }

    private void delta(String type, String piece) {
        text.append(piece);
        ObjectNode event = event(type);
        if (open != Kind.CALL) {
            event.put("content_index", 0);
        }
        event.put("delta", piece);
        if (open == Kind.MESSAGE) {
            event.set("logprobs", fresh());
        }
        events.accept(event);
    }

    /// The opinions on tokens that came; those of thinking and calls stand with the text behind.
    private ArrayNode fresh() {
        List<TokenLogprob> came =
                asked.request().scoring().answer() ? job.newLogprobs(0) : List.of();
        ArrayNode rows = tokens.rows(came);
        rows.forEach(logprobs::add);
        return rows;
    }

    private void end(String status) {
        Kind ending = open;
        if (ending == null) {
            return;
        }
        ObjectNode item = last();
        switch (ending) {
            case REASONING -> {
                textDone("response.reasoning_text.done", item, ending);
                if (asked.opaqueThinking()) {
                    item.put("encrypted_content", ResponseItems.closed(text.toString()));
                }
            }
            case MESSAGE -> textDone("response.output_text.done", item, ending);
            case CALL -> {
                item.put("arguments", text.toString());
                ObjectNode event = event("response.function_call_arguments.done");
                event.set("name", item.required("name"));
                event.put("arguments", text.toString());
                events.accept(event);
            }
        }
        item.put("status", status);
        ObjectNode event = event("response.output_item.done");
        event.remove("item_id");
        event.set("item", item.deepCopy());
        events.accept(event);
        open = null;
    }

    private void textDone(String type, ObjectNode item, Kind kind) {
        ObjectNode part = textPart(kind, text.toString());
        ObjectNode event = event(type);
        event.put("content_index", 0);
        event.put("text", text.toString());
        if (kind == Kind.MESSAGE) {
            fresh();
            ArrayNode rows = JsonNodeFactory.instance.arrayNode().addAll(logprobs);
            logprobs.clear();
            event.set("logprobs", rows);
            part.set("logprobs", rows);
        }
        events.accept(event);
        ((ArrayNode) item.required("content")).add(part);
        part("response.content_part.done", part);
    }

    private void part(String type, ObjectNode part) {
        ObjectNode event = event(type);
        event.put("content_index", 0);
        event.set("part", part.deepCopy());
        events.accept(event);
    }

    private static ObjectNode textPart(Kind kind, String text) {
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        part.put("type", kind == Kind.MESSAGE ? "output_text" : "reasoning_text");
        part.put("text", text);
        if (kind == Kind.MESSAGE) {
            part.putArray("annotations");
            part.putArray("logprobs");
        }
        return part;
    }

    private ObjectNode last() {
        return (ObjectNode) output.required(output.size() - 1);
    }

    /// Something that happens to the last item.
    private ObjectNode event(String type) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("type", type);
        event.set("item_id", last().required("id"));
        event.put("output_index", output.size() - 1);
        return event;
    }
}
