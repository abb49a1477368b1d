package autark.text.schema;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/// Whether the values of keywords have the form that they must have, needed or not.
final class Forms {
    private static final List<String> COUNTS =
            List.of(
                    "minLength",
                    "maxLength",
                    "minItems",
                    "maxItems",
                    "minContains",
                    "maxContains",
                    "minProperties",
                    "maxProperties");
    private static final List<String> TEXTS =
            List.of("$id", "$ref", "$anchor", "$dynamicAnchor", "$dynamicRef", "pattern");

    private Forms() {}

    static void check(Node node) {
        COUNTS.forEach(node::count);
        TEXTS.forEach(node::text);
        node.texts("required");
        node.requiredWith();
        node.flag("uniqueItems");
        Types.allows(node, "null");
        NumberAlgebra.check(node);
        if (node.has("enum") && node.items("enum").isEmpty()) {
            throw node.error("enum", "expects at least one value");
        }
        node.items("enum").forEach(value -> checkNumbers(node, "enum", value));
        node.value("const").ifPresent(value -> checkNumbers(node, "const", value));
    }

    /// A value with a number that no answer can write would silently be none of the values.
    private static void checkNumbers(Node node, String keyword, Json value) {
        switch (value) {
            case Json.Numeral(BigDecimal number) -> NumberAlgebra.check(node, keyword, number);
            case Json.Items(List<Json> items) ->
                    items.forEach(item -> checkNumbers(node, keyword, item));
            case Json.Members(Map<String, Json> members) ->
                    members.values().forEach(item -> checkNumbers(node, keyword, item));
            case Json.Word _, Json.Text _ -> {}
        }
    }
}
