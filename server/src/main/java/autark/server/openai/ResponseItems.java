package autark.server.openai;

import autark.server.http.ApiException;
import autark.server.http.Fields;
import autark.text.template.Message;
import autark.text.template.ToolCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes messages of the items of a response: what a model thought, said and called in a row is one
/// message of the assistant.
final class ResponseItems {
    /// What is understood.
    private static final Set<String> TYPES =
            Set.of("message", "function_call", "function_call_output", "reasoning");

    private final Names names;
    private final List<Message> messages = new ArrayList<>();
    private final Map<String, String> called = new HashMap<>();
    private final List<ToolCall> calls = new ArrayList<>();
    private String thinking = "";
    private String said = "";

    /// @param names of items that have none
    ResponseItems(Names names) {
        this.names = names;
    }

    /// The messages of these items and those that were added before.
    List<Message> messages() {
        flush();
        return List.copyOf(messages);
    }

    /// Adds a message that stands before all items.
    void instruct(String instructions) {
        messages.add(Message.system(instructions));
    }

    /// Adds an item, and gives it the fields that it lacks.
    ///
    /// @param path names it in errors
    /// @throws ApiException if it cannot be honoured
    void add(ObjectNode item, String path) {
        Fields fields = Fields.of(item, path);
        String type = fields.text("type").orElse("message");
        if (!TYPES.contains(type)) {
            throw fields.invalid(
                            "type",
                            "found another one, supported are " + TYPES.stream().sorted().toList())
                    .withCode("unsupported_parameter");
        }
        fields.text("id");
        fields.word("status", Set.of("in_progress", "completed", "incomplete"));
        switch (type) {
            case "function_call" -> call(fields);
            case "function_call_output" -> result(fields);
            case "reasoning" -> think(fields);
            default -> say(fields);
        }
        fields.end();
        complete(item, type);
    }

    private void say(Fields item) {
        String role =
                item.word("role", Set.of("user", "assistant", "system", "developer"))
                        .orElseThrow(() -> item.missing("role"));
        String text = Texts.required(item, "content");
        switch (role) {
            case "assistant" -> {
                if (!said.isEmpty() || !calls.isEmpty()) {
                    flush();
                }
                said = text;
            }
            case "user" -> add(Message.user(text));
            default -> add(Message.system(text));
        }
    }

    private void think(Fields item) {
        if (!thinking.isEmpty() || !said.isEmpty() || !calls.isEmpty()) {
            flush();
        }
        String summary = Texts.joined(item, "summary");
        String content = Texts.joined(item, "content");
        String opaque = item.text("encrypted_content").orElse("");
        thinking = content.isEmpty() && !opaque.isEmpty() ? opened(item, opaque) : content;
        thinking = thinking.isEmpty() ? summary : thinking;
    }

    /// Thinking in a form that clients pass on without a look.
    static String closed(String thinking) {
        return Base64.getEncoder().encodeToString(thinking.getBytes(StandardCharsets.UTF_8));
    }

    private static String opened(Fields item, String opaque) {
        try {
            return new String(Base64.getDecoder().decode(opaque), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw item.invalid("encrypted_content", "found what is not from here");
        }
    }

    private void call(Fields item) {
        String id = item.requiredText("call_id");
        String name = item.requiredText("name");
        String arguments = item.requiredText("arguments");
        called.put(id, name);
        calls.add(Checked.at(item, "arguments", () -> new ToolCall(id, name, arguments)));
    }

    private void result(Fields item) {
        String id = item.requiredText("call_id");
        String name = called.get(id);
        if (name == null) {
            throw item.invalid("call_id", "expected that of a function_call before it");
        }
        add(Message.toolResult(id, name, Texts.required(item, "output")));
    }

    private void add(Message message) {
        flush();
        messages.add(message);
    }

    /// Ends the assistant's message.
    private void flush() {
        if (!thinking.isEmpty() || !said.isEmpty() || !calls.isEmpty()) {
            messages.add(Message.assistant(said, thinking, calls));
        }
        thinking = "";
        said = "";
        calls.clear();
    }

    /// An item as it is told to those who ask for it later.
    private void complete(ObjectNode item, String type) {
        item.put("type", type);
        if (!item.hasNonNull("id")) {
            item.put("id", names.next(type.equals("message") ? "msg_" : "item_"));
        }
        JsonNode content = item.get("content");
        if (type.equals("message") && content != null && content.isString()) {
            boolean own = item.path("role").asString("").equals("assistant");
            ObjectNode part = item.putArray("content").addObject();
            part.put("type", own ? "output_text" : "input_text");
            part.put("text", content.stringValue());
            if (own) {
                part.putArray("annotations");
            }
        }
        if (!item.hasNonNull("status")) {
            item.put("status", "completed");
        }
    }
}
