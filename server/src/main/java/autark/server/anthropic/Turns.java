package autark.server.anthropic;

import autark.server.http.ApiException;
import autark.server.http.Fields;
import autark.text.template.Message;
import autark.text.template.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// The conversation of a request. A message is a text or a list of blocks; turns of the same role
/// that follow one another are one.
final class Turns {
    private static final int MESSAGES_MAX = 4096;
    private static final int BLOCKS_MAX = 1024;

    private final List<Message> messages = new ArrayList<>();
    private final Map<String, String> toolNames = new HashMap<>();

    /// The turn that is being read.
    private final StringBuilder content = new StringBuilder();

    private final StringBuilder thinking = new StringBuilder();
    private final List<ToolCall> calls = new ArrayList<>();
    private boolean said;
    private Speaker speaker = Speaker.NOBODY;

    private enum Speaker {
        USER,
        ASSISTANT,
        NOBODY
    }

    private Turns() {}

    /// The messages of a body, `system` as the first.
    ///
    /// @throws ApiException if something in them cannot be honoured
    static List<Message> read(Fields body) {
        Turns turns = new Turns();
        if (body.has("system")) {
            turns.messages.add(Message.system(text(body, "system")));
        }
        List<Fields> asked = body.objects("messages", MESSAGES_MAX);
        if (asked.isEmpty()) {
            throw body.missing("messages");
        }
        asked.forEach(turns::add);
        turns.speak(Speaker.NOBODY);
        if (turns.messages.getLast().role().equals("assistant")) {
            throw asked.getLast()
                    .invalid(
                            "role",
                            "found assistant at the end, expected user: answers that the client"
                                    + " has begun are not continued");
        }
        return turns.messages;
    }

    private void add(Fields message) {
        String role =
                message.word("role", Set.of("system", "user", "assistant"))
                        .orElseThrow(() -> message.missing("role"));
        switch (role) {
            case "system" -> {
                speak(Speaker.NOBODY);
                messages.add(Message.system(text(message, "content")));
            }
            case "assistant" ->
                    addBlocks(message, text -> answer(text, "", List.of()), this::addAnswered);
            default -> addBlocks(message, this::say, this::addAsked);
        }
        message.end();
    }

    private static void addBlocks(
            Fields message, Consumer<String> takeText, BiConsumer<Fields, String> takeBlock) {
        JsonNode content = message.any("content").orElseThrow(() -> message.missing("content"));
        if (content.isString()) {
            takeText.accept(content.stringValue());
            return;
        }
        for (Fields block : message.objects("content", BLOCKS_MAX)) {
            takeBlock.accept(block, block.requiredText("type"));
            cacheControl(block);
            block.end();
        }
    }

    private void addAsked(Fields block, String type) {
        switch (type) {
            case "text" -> say(textOf(block));
            case "tool_result" -> addResult(block);
            case "tool_use", "thinking", "redacted_thinking" ->
                    throw block.invalid("type", "found " + type + " in a message of the user");
            default -> throw unsupported(block, type);
        }
    }

    private void addAnswered(Fields block, String type) {
        switch (type) {
            case "text" -> answer(textOf(block), "", List.of());
            case "thinking" -> {
                block.text("signature"); // thinking is taken as it comes, from wherever
                answer("", block.requiredText("thinking"), List.of());
            }
            case "tool_use" -> answer("", "", List.of(call(block)));
            case "tool_result" ->
                    throw block.invalid("type", "found a result in a message of the assistant");
            case "redacted_thinking" ->
                    throw block.invalid(
                            "type",
                            "redacted_thinking is not supported: only its author can read it; leave"
                                    + " the block out");
            default -> throw unsupported(block, type);
        }
    }

    private static ApiException unsupported(Fields block, String type) {
        return block.invalid(
                "type",
                "found \"%s\", supported are text, thinking, tool_use and tool_result: models here"
                                .formatted(type.substring(0, Math.min(80, type.length())))
                        + " read text alone");
    }

    private void say(String text) {
        speak(Speaker.USER);
        if (said) {
            content.append('\n');
        }
        said = true;
        content.append(text);
    }

    private void answer(String text, String thought, List<ToolCall> made) {
        speak(Speaker.ASSISTANT);
        content.append(text);
        thinking.append(thought);
        calls.addAll(made);
    }

    /// Ends the turn of whoever spoke before; what one speaker says in several blocks or messages
    /// is one turn.
    private void speak(Speaker next) {
        if (speaker == next) {
            return;
        }
        switch (speaker) {
            case NOBODY -> {}
            case USER -> messages.add(Message.user(content.toString()));
            case ASSISTANT ->
                    messages.add(
                            Message.assistant(
                                    content.toString(), thinking.toString(), List.copyOf(calls)));
        }
        content.setLength(0);
        thinking.setLength(0);
        calls.clear();
        said = false;
        speaker = next;
    }

    private ToolCall call(Fields block) {
        block.object("caller")
                .ifPresent(caller -> {
                    caller.expect("type", "direct", "only the model calls tools");
                    caller.end();
                });
        String name = block.requiredText("name");
        JsonNode input = block.any("input").orElseThrow(() -> block.missing("input"));
        if (!input.isObject()) {
            throw block.invalid("input", "expected an object");
        }
        try {
            ToolCall call = new ToolCall(block.requiredText("id"), name, input.toString());
            toolNames.put(call.id(), name);
            return call;
        } catch (IllegalArgumentException e) {
            throw block.invalid("name", String.valueOf(e.getMessage()));
        }
    }

    private void addResult(Fields block) {
        String id = block.requiredText("tool_use_id");
        String name = toolNames.get(id);
        if (name == null) {
            throw block.invalid("tool_use_id", "expected the id of a tool_use block before it");
        }
        String text = block.has("content") ? text(block, "content") : "";
        boolean failed = block.flag("is_error").orElse(false);
        speak(Speaker.NOBODY);
        messages.add(Message.toolResult(id, name, failed ? "Error: " + text : text));
    }

    /// A text, or blocks of text that stand below one another.
    private static String text(Fields holder, String name) {
        if (holder.any(name).filter(JsonNode::isString).isPresent()) {
            return holder.requiredText(name);
        }
        List<String> texts = new ArrayList<>();
        for (Fields block : holder.objects(name, BLOCKS_MAX)) {
            String type = block.requiredText("type");
            if (!type.equals("text")) {
                throw unsupported(block, type);
            }
            texts.add(textOf(block));
            cacheControl(block);
            block.end();
        }
        return String.join("\n", texts);
    }

    private static String textOf(Fields block) {
        if (!block.array("citations", BLOCKS_MAX).isEmpty()) {
            throw block.invalid("citations", "are not supported: leave them out");
        }
        return block.requiredText("text");
    }

    /// What begins like an earlier request is known anyway.
    static void cacheControl(Fields holder) {
        holder.object("cache_control")
                .ifPresent(control -> {
                    if (control.word("type", Set.of("ephemeral")).isEmpty()) {
                        throw control.missing("type");
                    }
                    control.word("ttl", Set.of("5m", "1h"));
                    control.end();
                });
    }
}
