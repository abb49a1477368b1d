package autark.server.openai;

import autark.server.http.Fields;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads texts that may come in parts.
final class Texts {
    private static final int PARTS_MAX = 1024;
    private static final int TYPE_CHARS_MAX = 40;

    /// What a part that is a text is called, by who says it and in which route.
    private static final Set<String> TYPES =
            Set.of("text", "input_text", "output_text", "reasoning_text", "summary_text");

    private Texts() {}

    /// One text, or several that follow one another.
    ///
    /// @throws autark.server.http.ApiException if the field is absent or holds something else
    static String required(Fields message, String name) {
        JsonNode content = message.any(name).orElseThrow(() -> message.missing(name));
        return content.isString() ? content.stringValue() : joined(message, name);
    }

    /// Texts that follow one another; empty if the field is absent.
    static String joined(Fields message, String name) {
        StringBuilder text = new StringBuilder();
        for (Fields part : message.objects(name, PARTS_MAX)) {
            String type = part.requiredText("type");
            if (!TYPES.contains(type)) {
                throw part.invalid(
                                "type",
                                "found \"%s\", supported is only text: no model here sees or hears"
                                        .formatted(
                                                type.substring(
                                                        0,
                                                        Math.min(TYPE_CHARS_MAX, type.length()))))
                        .withCode("unsupported_parameter");
            }
            text.append(part.requiredText("text"));
            part.array("annotations", 0);
            part.any("logprobs"); // those of an answer that a client sends back
            part.end();
        }
        return text.toString();
    }
}
