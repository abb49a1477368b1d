package autark.text.template;

/// A model's wish that a tool be run.
///
/// @param id names the call within its conversation, so that the tool's result can refer to it
/// @param name that of the tool
/// @param arguments the text of a JSON object
public record ToolCall(String id, String name, String arguments) {
    /// Refuses arguments that are no JSON object.
    ///
    /// @throws IllegalArgumentException if they are not, or the name is none
    public ToolCall {
        if (!Tool.isName(name)) {
            throw new IllegalArgumentException(
                    "tool call: found the name '%s', expected 1 to %d of a-z A-Z 0-9 _ - ."
                            .formatted(name, Tool.NAME_CHARS_MAX));
        }
        JsonText.object("arguments of the call of '" + name + "'", arguments);
    }
}
