package autark.text.schema;

import autark.text.grammar.GrammarException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A schema in the text: its keywords as they stand there, the schemas inside it already read.
/// Filled by [SchemaReader], then left alone.
final class Node {
    /// What `true` and `false` are as schemas; an object of keywords is neither.
    enum Verdict {
        KEYWORDS,
        TRUE,
        FALSE
    }

    private final String pointer;
    private final Verdict verdict;
    private final Resource resource;
    private final Map<String, Json> values = new LinkedHashMap<>();
    private final Map<String, Node> inner = new HashMap<>();
    private final Map<String, List<Node>> lists = new HashMap<>();
    private final Map<String, Map<String, Node>> maps = new LinkedHashMap<>();

    Node(String pointer, Verdict verdict, Resource resource) {
        this.pointer = pointer;
        this.verdict = verdict;
        this.resource = resource;
    }

    void put(String keyword, Json value) {
        values.put(keyword, value);
    }

    void put(String keyword, Node schema) {
        inner.put(keyword, schema);
    }

    void put(String keyword, List<Node> schemas) {
        lists.put(keyword, schemas);
    }

    void put(String keyword, Map<String, Node> schemas) {
        maps.put(keyword, schemas);
    }

    Verdict verdict() {
        return verdict;
    }

    Resource resource() {
        return resource;
    }

    String pointer() {
        return pointer;
    }

    Draft draft() {
        return resource.draft();
    }

    /// Whether nothing but a reference decides about instances.
    boolean isReference() {
        return values.keySet().stream().allMatch(Node::isLocation) && has("$ref");
    }

    private static boolean isLocation(String keyword) {
        return switch (keyword) {
            case "$ref", "$defs", "definitions", "$anchor", "$dynamicAnchor", "contentSchema" ->
                    true;
            default -> false;
        };
    }

    boolean has(String keyword) {
        return values.containsKey(keyword);
    }

    /// What stands after a keyword.
    Optional<Json> value(String keyword) {
        return Optional.ofNullable(values.get(keyword));
    }

    Optional<Node> schema(String keyword) {
        return Optional.ofNullable(inner.get(keyword));
    }

    List<Node> schemas(String keyword) {
        return lists.getOrDefault(keyword, List.of());
    }

    Map<String, Node> named(String keyword) {
        return maps.getOrDefault(keyword, Map.of());
    }

    Optional<BigDecimal> number(String keyword) {
        return value(keyword)
                .map(value -> {
                    if (value instanceof Json.Numeral(BigDecimal number)) {
                        return number;
                    }
                    throw error(keyword, "expects a number");
                });
    }

    /// A count that a keyword tells; whole numbers may be written `2.0`.
    Optional<Integer> count(String keyword) {
        return number(keyword)
                .map(number -> {
                    if (number.signum() < 0 || number.stripTrailingZeros().scale() > 0) {
                        throw error(keyword, "expects a whole number from 0 on");
                    }
                    BigDecimal most = BigDecimal.valueOf(Integer.MAX_VALUE - 1);
                    return number.min(most).intValueExact();
                });
    }

    Optional<String> text(String keyword) {
        return value(keyword)
                .map(value -> {
                    if (value instanceof Json.Text(String text)) {
                        return text;
                    }
                    throw error(keyword, "expects a string");
                });
    }

    /// The strings of an array.
    List<String> texts(String keyword) {
        return value(keyword).map(value -> strings(keyword, value)).orElse(List.of());
    }

    /// The names that have to be there with a name: of `dependentRequired`, and of `dependencies`
    /// where no schema stands.
    Map<String, List<String>> requiredWith() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (String keyword : List.of("dependentRequired", "dependencies")) {
            Json value = values.get(keyword);
            if (value instanceof Json.Members(Map<String, Json> members)) {
                members.forEach((name, list) -> {
                    if (!named(keyword).containsKey(name)) {
                        all.put(name, strings(keyword, list));
                    }
                });
            } else if (value != null) {
                throw error(keyword, "expects an object");
            }
        }
        return all;
    }

    private List<String> strings(String keyword, Json value) {
        List<String> texts = new ArrayList<>();
        if (value instanceof Json.Items(List<Json> items)) {
            for (Json item : items) {
                if (!(item instanceof Json.Text(String text))) {
                    throw error(keyword, "expects an array of strings");
                }
                if (!texts.contains(text)) {
                    texts.add(text);
                }
            }
            return texts;
        }
        throw error(keyword, "expects an array of strings");
    }

    List<Json> items(String keyword) {
        return value(keyword)
                .map(value -> {
                    if (value instanceof Json.Items(List<Json> items)) {
                        return items;
                    }
                    throw error(keyword, "expects an array");
                })
                .orElse(List.of());
    }

    boolean flag(String keyword) {
        return value(keyword)
                .map(value -> {
                    if (value != Json.Word.TRUE && value != Json.Word.FALSE) {
                        throw error(keyword, "expects true or false");
                    }
                    return value == Json.Word.TRUE;
                })
                .orElse(false);
    }

    /// An error that names the place of a keyword.
    GrammarException error(String keyword, String what) {
        return new GrammarException(
                "%s: '%s' %s".formatted(Pointers.append(pointer, keyword), keyword, what));
    }

    @Override
    public String toString() {
        return pointer.isEmpty() ? "/" : pointer;
    }
}
