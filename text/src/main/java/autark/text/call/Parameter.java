package autark.text.call;

import autark.text.grammar.GrammarException;
import autark.text.grammar.Language;
import autark.text.grammar.Regex;
import autark.text.schema.JsonSchema;
import autark.text.template.JsonText;
import autark.text.template.Tool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A parameter of a tool, for models that write each argument on its own, between tags.
///
/// @param schema that of its values, as JSON text
record Parameter(String name, Kind kind, boolean required, String schema) {
    /// How values are written.
    enum Kind {
        /// Strings, without quotes.
        TEXT,
        /// JSON; no strings.
        JSON,
        /// Whatever is no JSON is a string.
        EITHER
    }

    static final String OPEN = "<parameter=";
    static final String OPENED = ">\n";
    static final String CLOSE = "\n</parameter>\n";

    /// Values end where this begins.
    private static final Regex ANY_TEXT = Regex.matching("[^]*\\n<\\/parameter>[^]*").complement();

    private static final Set<String> NOTES =
            Set.of(
                    "title",
                    "description",
                    "default",
                    "examples",
                    "format",
                    "deprecated",
                    "readOnly",
                    "writeOnly",
                    "$comment",
                    "$schema",
                    "$defs",
                    "definitions");
    private static final Set<String> OF_OBJECTS =
            Set.of("type", "properties", "required", "additionalProperties");
    private static final Set<String> OF_TEXTS =
            Set.of("type", "enum", "const", "minLength", "maxLength", "pattern");

    /// The parameters in the order of the schema.
    static List<Parameter> of(Tool tool) {
        Map<String, Object> schema = JsonText.object("parameters", tool.parametersSchema());
        List<Parameter> parameters = new ArrayList<>();
        if (!(schema.get("properties") instanceof Map<?, ?> properties)) {
            return parameters;
        }
        Map<String, String> texts =
                JsonText.members(
                        JsonText.members(tool.parametersSchema()).getOrDefault("properties", "{}"));
        List<?> required = schema.get("required") instanceof List<?> names ? names : List.of();
        texts.forEach((name, text) ->
                parameters.add(
                        new Parameter(
                                name, kind(properties.get(name)), required.contains(name), text)));
        return parameters;
    }

    private static Kind kind(@Nullable Object schema) {
        if (!(schema instanceof Map<?, ?> keywords)) {
            return Kind.EITHER;
        }
        Object type = keywords.get("type");
        List<?> types =
                type instanceof List<?> several
                        ? several
                        : type == null ? List.of() : List.of(type);
        if (!types.isEmpty()) {
            return !types.contains("string")
                    ? Kind.JSON
                    : types.size() == 1 ? Kind.TEXT : Kind.EITHER;
        }
        List<?> values =
                keywords.containsKey("const")
                        ? Collections.singletonList(keywords.get("const"))
                        : keywords.get("enum") instanceof List<?> listed ? listed : List.of();
        boolean texts = values.stream().anyMatch(String.class::isInstance);
        boolean others = values.stream().anyMatch(value -> !(value instanceof String));
        return texts == others ? Kind.EITHER : texts ? Kind.TEXT : Kind.JSON;
    }

    /// What of a tool's schema cannot be said by its parameters one by one.
    ///
    /// @throws GrammarException if there is something
    static void check(Tool tool) {
        Map<String, Object> schema = JsonText.object("parameters", tool.parametersSchema());
        refuseOthers(schema, OF_OBJECTS);
        Set<Object> missing = new TreeSet<>();
        if (schema.get("required") instanceof List<?> names) {
            missing.addAll(names);
        }
        of(tool).forEach(parameter -> missing.remove(parameter.name()));
        if (!missing.isEmpty()) {
            throw new GrammarException(
                    "found %s among the required, expected names of properties".formatted(missing));
        }
    }

    private static void refuseOthers(Map<String, ?> schema, Set<String> known) {
        for (String keyword : schema.keySet()) {
            if (!known.contains(keyword) && !NOTES.contains(keyword) && !keyword.startsWith("x-")) {
                throw new GrammarException(
                        "'%s' cannot be enforced where arguments are written one by one"
                                .formatted(keyword));
            }
        }
    }

    /// Whether its name can stand in a tag.
    boolean isWritable() {
        return name.chars().noneMatch(unit -> unit == '>' || unit == '\n');
    }

    /// Values of the schema.
    ///
    /// @throws GrammarException if it cannot be enforced
    Language<?> values() {
        return switch (kind) {
            case TEXT -> texts().language();
            case JSON -> JsonSchema.parse(schema).language();
            case EITHER ->
                    throw new GrammarException(
                            "parameter '%s': found a schema of strings and others, expected one of"
                                            .formatted(name)
                                    + " either, since both are written alike");
        };
    }

    /// Values of its kind.
    Language<?> anyValues() {
        return kind == Kind.JSON ? JsonSchema.anyJson().language() : ANY_TEXT.language();
    }

    private Regex texts() {
        Map<String, Object> keywords = JsonText.object(name, schema);
        refuseOthers(keywords, OF_TEXTS);
        Regex texts = ANY_TEXT;
        int min = count(keywords, "minLength", 0);
        int max = count(keywords, "maxLength", Regex.UNBOUNDED);
        if (min > 0 || max < Regex.UNBOUNDED) {
            texts = texts.intersect(Regex.ofLength(min, Math.max(min, max)));
        }
        if (keywords.get("pattern") instanceof String pattern) {
            texts = texts.intersect(Regex.searching(pattern));
        }
        if (keywords.get("enum") instanceof List<?> values) {
            texts = texts.intersect(anyOf(values));
        }
        if (keywords.containsKey("const")) {
            texts = texts.intersect(anyOf(List.of(String.valueOf(keywords.get("const")))));
        }
        return texts;
    }

    private static Regex anyOf(List<?> values) {
        Regex any = Regex.literal("").intersect(Regex.literal("").complement());
        for (Object value : values) {
            any = value instanceof String text ? any.union(Regex.literal(text)) : any;
        }
        return any;
    }

    private static int count(Map<String, Object> keywords, String name, int otherwise) {
        return keywords.get(name) instanceof Long count
                ? Math.clamp(count, 0, Regex.UNBOUNDED)
                : otherwise;
    }
}
