package autark.text.template;

import java.util.List;
import java.util.Map;

/// How a model writes calls of tools, as it was trained to: what stands before, between and behind
/// the names and the arguments.
///
/// An answer with calls is an opening, calls with a separator between them, and a closing; a call
/// is a head with the name of the tool, the arguments, and a tail. All of it stands exactly so:
/// whoever reads calls finds only what whoever keeps answers to their format lets be written.
public enum CallFormat {
    /// `<tool_call>{"name": ..., "arguments": {...}}</tool_call>`: Hermes, Qwen, SmolLM3 and many
    /// more; also what a model without a format of its own is told to write.
    HERMES(
            openings(before("<tool_call>", "")),
            "<tool_call>\n{\"name\": \"%s\", \"arguments\": ",
            "}\n</tool_call>",
            "\n",
            ""),

    /// `<tool_call><function=name><parameter=key>value</parameter></function></tool_call>`:
    /// Qwen3-Coder.
    XML(
            openings(before("<tool_call>", "")),
            "<tool_call>\n<function=%s>\n",
            "</function>\n</tool_call>",
            "\n",
            ""),

    /// `{"name": ..., "parameters": {...}}` as the whole answer: Llama 3.
    LLAMA(
            openings(before("{\"name\": \"", ""), before("<|python_tag|>", "<|python_tag|>")),
            "{\"name\": \"%s\", \"parameters\": ",
            "}",
            "",
            ""),

    /// `[TOOL_CALLS][{"name": ..., "arguments": {...}}, ...]`: Mistral to 2024.
    MISTRAL_LIST(
            openings(before("[TOOL_CALLS]", "[TOOL_CALLS][")),
            "{\"name\": \"%s\", \"arguments\": ",
            "}",
            ", ",
            "]"),

    /// `[TOOL_CALLS]name[ARGS]{...}`: Mistral from 2025 on.
    MISTRAL(openings(before("[TOOL_CALLS]", "")), "[TOOL_CALLS]%s[ARGS]", "", "", ""),

    /// `<|tool_call|>[{"name": ..., "arguments": {...}}, ...]`: Granite 3.
    GRANITE(
            openings(before("<|tool_call|>", "<|tool_call|>[")),
            "{\"name\": \"%s\", \"arguments\": ",
            "}",
            ", ",
            "]"),

    /// A name and a block of JSON between tags of their own: DeepSeek V3 and R1.
    DEEPSEEK(
            openings(before("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁begin｜>")),
            "<｜tool▁call▁begin｜>function<｜tool▁sep｜>%s\n```json\n",
            "\n```<｜tool▁call▁end｜>",
            "\n",
            "<｜tool▁calls▁end｜>"),

    /// A name and JSON between tags of their own: DeepSeek V3.1.
    DEEPSEEK_V3_1(
            openings(before("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁begin｜>")),
            "<｜tool▁call▁begin｜>%s<｜tool▁sep｜>",
            "<｜tool▁call▁end｜>",
            "",
            "<｜tool▁calls▁end｜>"),

    /// A message to `functions.name` in the channel `commentary`: gpt-oss.
    HARMONY(
            openings(before("<|channel|>commentary to=functions.", "")),
            "<|channel|>commentary to=functions.%s <|constrain|>json<|message|>",
            "",
            "",
            "");

    /// What may stand before the first call.
    ///
    /// @param trigger the first part of the text and of the head of the first call: an answer that
    ///   has it has begun a call
    /// @param text stands before the head
    public record Opening(String trigger, String text) {}

    // A list that List.of makes.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Opening> openings;

    private final String head;
    private final String tail;
    private final String separator;
    private final String closing;

    CallFormat(List<Opening> openings, String head, String tail, String separator, String closing) {
        this.openings = openings;
        this.head = head;
        this.tail = tail;
        this.separator = separator;
        this.closing = closing;
    }

    private static List<Opening> openings(Opening... openings) {
        return List.of(openings);
    }

    private static Opening before(String trigger, String text) {
        return new Opening(trigger, text);
    }

    /// The format that a chat template speaks of, [#HERMES] if it speaks of none.
    public static CallFormat of(String templateSource) {
        if (has(templateSource, "<|channel|>", "<|message|>")) {
            return HARMONY;
        } else if (has(templateSource, "<tool_call>", "<function=")) {
            return XML;
        } else if (has(templateSource, "<｜tool▁call▁begin｜>")) {
            return has(templateSource, "```json") ? DEEPSEEK : DEEPSEEK_V3_1;
        } else if (has(templateSource, "[TOOL_CALLS]")) {
            return has(templateSource, "[ARGS]") ? MISTRAL : MISTRAL_LIST;
        } else if (has(templateSource, "<|tool_call|>")) {
            return GRANITE;
        } else if (has(templateSource, "<|start_header_id|>", "\"parameters\": ", "tool_calls")) {
            return LLAMA;
        }
        return HERMES;
    }

    private static boolean has(String source, String... texts) {
        return List.of(texts).stream().allMatch(source::contains);
    }

    /// What may stand before the first call; the first of them is the usual one.
    public List<Opening> openings() {
        return openings;
    }

    /// Whether a call may come behind text; else it is the whole answer.
    public boolean followsText() {
        return this != LLAMA;
    }

    /// What stands before the arguments of a call.
    public String head(String toolName) {
        return head.formatted(toolName);
    }

    /// What stands behind the arguments of a call.
    public String tail() {
        return tail;
    }

    /// What stands between two calls.
    public String separator() {
        return separator;
    }

    /// What stands behind the last call.
    public String closing() {
        return closing;
    }

    /// Whether arguments are written as a JSON object; else each is written on its own.
    public boolean writesJson() {
        return this != XML;
    }

    /// Whether an answer may hold several calls.
    public boolean several() {
        return this != LLAMA && this != HARMONY;
    }

    /// Calls as the model writes them.
    public String write(List<ToolCall> calls) {
        StringBuilder text = new StringBuilder(openings.getFirst().text());
        String between = "";
        for (ToolCall call : calls) {
            text.append(between).append(head(call.name()));
            text.append(writesJson() ? call.arguments() : parameters(call)).append(tail);
            between = separator;
        }
        return text.append(closing).toString();
    }

    private static String parameters(ToolCall call) {
        Map<String, Object> values = JsonText.object("arguments", call.arguments());
        StringBuilder text = new StringBuilder();
        JsonText.members(call.arguments())
                .forEach((name, json) -> {
                    Object value = values.get(name);
                    text.append("<parameter=").append(name).append(">\n");
                    text.append(value instanceof String string ? string : json);
                    text.append("\n</parameter>\n");
                });
        return text.toString();
    }
}
