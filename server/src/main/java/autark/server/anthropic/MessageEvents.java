package autark.server.anthropic;

import autark.server.desk.Job;
import autark.server.http.ApiException;
import autark.text.parse.Segment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An answer as server-sent events: `message_start`, then for each block of thinking, text or a
/// call `content_block_start`, `content_block_delta`, `content_block_stop`, then `message_delta`
/// and `message_stop`.
final class MessageEvents {
    /// Says that the server lives.
    static final String PING = event("ping", JsonNodeFactory.instance.objectNode());

    private final Job job;
    private final StringBuilder thinking = new StringBuilder();
    private boolean open;
    private Segment.Kind kind = Segment.Kind.ANSWER;
    private int blocks;
    private int calls;

    /// @param job names the calls
    MessageEvents(Job job) {
        this.job = job;
    }

    /// @param message before anything is written
    String begin(ObjectNode message) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.set("message", message);
        return event("message_start", data);
    }

    /// The events of the next piece.
    String next(Segment piece) {
        return switch (piece.kind()) {
            case THINKING -> {
                String begin = begin(piece.kind(), "thinking", "thinking");
                thinking.append(piece.text());
                yield begin + delta("thinking_delta", "thinking", piece.text());
            }
            case ANSWER ->
                    begin(piece.kind(), "text", "text") + delta("text_delta", "text", piece.text());
            case CALL_NAME -> {
                ObjectNode block = JsonNodeFactory.instance.objectNode();
                block.put("type", "tool_use");
                block.put("id", job.callId(0, calls++));
                block.put("name", piece.text());
                block.putObject("input");
                yield begin(Segment.Kind.CALL_ARGUMENTS, block);
            }
            case CALL_ARGUMENTS -> delta("input_json_delta", "partial_json", piece.text());
        };
    }

    /// The events of the end.
    ///
    /// @param delta why it ended
    String end(ObjectNode delta, ObjectNode usage) {
        String stop = stop();
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.set("delta", delta);
        data.set("usage", usage);
        return stop
                + event("message_delta", data)
                + event("message_stop", JsonNodeFactory.instance.objectNode());
    }

    /// The event of a failure, which is the last.
    static String failed(ApiException failure, String request) {
        return event("error", AnthropicErrors.body(failure, request));
    }

    /// Begins a block unless one of the kind is open.
    private String begin(Segment.Kind next, String type, String field) {
        if (open && kind == next) {
            return "";
        }
        ObjectNode block = JsonNodeFactory.instance.objectNode();
        block.put("type", type);
        block.put(field, "");
        if (next == Segment.Kind.THINKING) {
            block.put("signature", "");
        }
        return begin(next, block);
    }

    private String begin(Segment.Kind next, ObjectNode block) {
        String stop = stop();
        open = true;
        kind = next;
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("index", blocks);
        data.set("content_block", block);
        return stop + event("content_block_start", data);
    }

    private String delta(String type, String field, String text) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("index", blocks);
        ObjectNode delta = data.putObject("delta");
        delta.put("type", type);
        delta.put(field, text);
        return event("content_block_delta", data);
    }

    /// Ends the block that is open.
    private String stop() {
        if (!open) {
            return "";
        }
        String signed = "";
        if (kind == Segment.Kind.THINKING) {
            signed = delta("signature_delta", "signature", signature(thinking.toString()));
            thinking.setLength(0);
        }
        open = false;
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("index", blocks++);
        return signed + event("content_block_stop", data);
    }

    /// Clients keep a signature with the thinking and send it back. Here it is a digest: thinking
    /// is no secret, and is taken from anybody.
    static String signature(String thinking) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] digest = sha256.digest(thinking.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String event(String name, ObjectNode data) {
        data.put("type", name);
        return "event: %s\ndata: %s\n\n".formatted(name, data);
    }
}
