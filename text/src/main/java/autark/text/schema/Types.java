package autark.text.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the keyword `type` lets through (validation 2020-12, section 6.1.1).
final class Types {
    private static final Set<String> NAMES =
            Set.of("null", "boolean", "number", "integer", "string", "array", "object");

    private Types() {}

    /// Whether values of a type may be valid; all types may where the keyword is absent.
    static boolean allows(Node node, String type) {
        return !node.has("type") || names(node).contains(type);
    }

    private static Set<String> names(Node node) {
        List<String> names = new ArrayList<>();
        Json value = node.value("type").orElseThrow();
        if (value instanceof Json.Text(String name)) {
            names.add(name);
        } else {
            names.addAll(node.texts("type"));
        }
        if (names.isEmpty()) {
            throw node.error("type", "expects at least one type");
        }
        for (String name : names) {
            if (!NAMES.contains(name)) {
                throw node.error("type", "does not know " + name);
            }
        }
        return new HashSet<>(names);
    }
}
