package autark.server.ollama;

import autark.engine.Prompt;
import autark.engine.Request;
import autark.engine.Tools;
import autark.server.http.ApiException;
import autark.server.http.Fields;
import autark.server.http.JsonBody;
import autark.text.template.Message;
import autark.text.template.Tool;
import autark.text.template.ToolCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The two ways to ask: what they say of the prompt, and where their answers stand.
enum Dialogue {
    /// `/api/generate`: one question, or a text that goes on.
    GENERATE {
        @Override
        Request read(Fields body) {
            String prompt = body.text("prompt").orElse("");
            String system = body.text("system").orElse("");
            boolean raw = body.flag("raw").orElse(false);
            body.refuseText("suffix", "there is no template for what stands between two texts");
            body.refuseText("template", "the template of the model is used; raw takes any prompt");
            body.refuse("context", "it is deprecated; /api/chat takes the conversation");
            ChatTurns.refuseImages(body);
            if (raw && !system.isEmpty()) {
                throw body.invalid("system", "found it with raw, expected it in the prompt");
            }
            if (raw) {
                return Request.raw(prompt);
            }
            List<Message> messages = new ArrayList<>();
            if (!system.isEmpty()) {
                messages.add(Message.system(system));
            }
            if (!prompt.isEmpty()) {
                messages.add(Message.user(prompt));
            }
            return Request.of(messages);
        }

        @Override
        void put(ObjectNode line, String thinking, String text, List<ToolCall> calls) {
            line.put("response", text);
            if (!thinking.isEmpty()) {
                line.put("thinking", thinking);
            }
        }
    },
    /// `/api/chat`: the next turn of a conversation.
    CHAT {
        @Override
        Request read(Fields body) {
            return Request.of(ChatTurns.read(body)).withTools(tools(body));
        }

        @Override
        void put(ObjectNode line, String thinking, String text, List<ToolCall> calls) {
            ObjectNode message = line.putObject("message");
            message.put("role", "assistant");
            message.put("content", text);
            if (!thinking.isEmpty()) {
                message.put("thinking", thinking);
            }
            if (!calls.isEmpty()) {
                var list = message.putArray("tool_calls");
                for (ToolCall call : calls) {
                    ObjectNode entry = list.addObject();
                    entry.put("id", call.id());
                    ObjectNode function = entry.putObject("function");
                    function.put("index", list.size() - 1);
                    function.put("name", call.name());
                    byte[] arguments = call.arguments().getBytes(StandardCharsets.UTF_8);
                    function.set("arguments", JsonBody.read(arguments));
                }
            }
        }
    };

    private static final int TOOLS_MAX = Tools.COUNT_MAX;

    /// The prompt that a body asks about.
    ///
    /// @throws ApiException if it cannot be honoured
    abstract Request read(Fields body);

    /// Puts a piece of the answer, or the whole, into a line.
    abstract void put(ObjectNode line, String thinking, String text, List<ToolCall> calls);

    /// Whether there is nothing to answer: the client wants the model loaded, or unloaded.
    static boolean isEmpty(Request request) {
        return switch (request.prompt()) {
            case Prompt.Messages(var messages, var _) ->
                    messages.stream().allMatch(message -> message.role().equals("system"));
            case Prompt.Text(String text) -> text.isEmpty();
            case Prompt.Tokens(var ids) -> ids.isEmpty();
        };
    }

    private static Tools tools(Fields body) {
        List<Tool> tools = new ArrayList<>();
        for (Fields tool : body.objects("tools", TOOLS_MAX)) {
            tool.word("type", Set.of("function"));
            Fields function = tool.object("function").orElseThrow(() -> tool.missing("function"));
            JsonNode parameters =
                    function.any("parameters")
                            .orElseGet(() ->
                                    JsonNodeFactory.instance.objectNode().put("type", "object"));
            try {
                tools.add(
                        new Tool(
                                function.requiredText("name"),
                                function.text("description").orElse(""),
                                parameters.toString(),
                                false));
            } catch (IllegalArgumentException e) {
                throw tool.invalid("function", String.valueOf(e.getMessage()));
            }
            function.end();
            tool.end();
        }
        return new Tools(tools, new Tools.Choice.Auto(), true);
    }
}
