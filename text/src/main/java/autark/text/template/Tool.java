package autark.text.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A function that a model may ask its caller to run.
///
/// @param name 1 to [#NAME_CHARS_MAX] letters, digits, `_`, `-` and `.`
/// @param description what it does, for the model; may be empty
/// @param parametersSchema JSON Schema of its arguments, as the text of a JSON object
/// @param strict whether a schema that cannot be enforced is refused; else it is enforced where it
///   can be, and arguments are any JSON object where it cannot
public record Tool(String name, String description, String parametersSchema, boolean strict) {
    public static final int NAME_CHARS_MAX = 64;

    /// Longest schema, in UTF-16 units.
    public static final int SCHEMA_CHARS_MAX = 1 << 20;

    /// Keywords that may allow, or ask for, parameters that `properties` does not name.
    private static final Set<String> SPEAKS_OF_OTHERS =
            Set.of(
                    "additionalProperties",
                    "unevaluatedProperties",
                    "patternProperties",
                    "propertyNames",
                    "minProperties",
                    "dependentRequired",
                    "dependentSchemas",
                    "dependencies",
                    "allOf",
                    "anyOf",
                    "oneOf",
                    "not",
                    "if",
                    "$ref",
                    "$dynamicRef");

    /// Refuses a name or a schema that is none.
    ///
    /// @throws IllegalArgumentException if one is
    public Tool {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "tool name: found '%s', expected 1 to %d of a-z A-Z 0-9 _ - ."
                            .formatted(name, NAME_CHARS_MAX));
        }
        if (parametersSchema.length() > SCHEMA_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "tool '%s': found a schema of %d characters, expected at most %d"
                            .formatted(name, parametersSchema.length(), SCHEMA_CHARS_MAX));
        }
        JsonText.object("parameters of tool '" + name + "'", parametersSchema);
    }

    /// Whether a text may be the name of a tool.
    public static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= NAME_CHARS_MAX
                && text.chars().allMatch(Tool::isNameUnit);
    }

    private static boolean isNameUnit(int unit) {
        return (unit >= 'a' && unit <= 'z')
                || (unit >= 'A' && unit <= 'Z')
                || (unit >= '0' && unit <= '9')
                || unit == '_'
                || unit == '-'
                || unit == '.';
    }

    /// The schema that arguments are kept to. It asks for an object also where [#parametersSchema]
    /// leaves the type open, and for no parameters but those that it names, unless it speaks of
    /// others.
    public String argumentsSchema() {
        Map<String, Object> schema = JsonText.object("parameters", parametersSchema);
        StringBuilder text = new StringBuilder("{");
        if (!schema.containsKey("type")) {
            text.append("\"type\":\"object\",");
        }
        if (namesAll(schema)) {
            text.append("\"additionalProperties\":false,");
        }
        String members = parametersSchema.substring(parametersSchema.indexOf('{') + 1);
        if (schema.isEmpty()) {
            text.setLength(Math.max(1, text.length() - 1)); // no comma before the brace
        }
        return text.append(members).toString();
    }

    private static boolean namesAll(Map<String, Object> schema) {
        boolean speaksOfOthers = schema.keySet().stream().anyMatch(SPEAKS_OF_OTHERS::contains);
        if (speaksOfOthers || !(schema.get("properties") instanceof Map<?, ?> properties)) {
            return false;
        }
        return !(schema.get("required") instanceof List<?> required)
                || properties.keySet().containsAll(required);
    }

    /// The tool as templates read it.
    public Map<String, Object> variables() {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", name);
        function.put("description", description);
        function.put("parameters", JsonText.object("parameters", parametersSchema));
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("type", "function");
        variables.put("function", function);
        return variables;
    }
}
