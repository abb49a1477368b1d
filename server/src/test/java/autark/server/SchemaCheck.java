package autark.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Says where a value does not have the form that a schema of the server's description asks for. It
/// knows the keywords that the description uses, and no others.
final class SchemaCheck {
    private static final Set<String> KNOWN =
            Set.of(
                    "$ref",
                    "additionalProperties",
                    "anyOf",
                    "enum",
                    "exclusiveMinimum",
                    "format",
                    "items",
                    "maxItems",
                    "maxLength",
                    "maximum",
                    "minItems",
                    "minLength",
                    "minimum",
                    "oneOf",
                    "properties",
                    "required",
                    "type");

    private final JsonNode document;

    /// @param document whose schemas refer to one another
    SchemaCheck(JsonNode document) {
        this.document = document;
    }

    /// What is wrong with a value; empty if nothing is.
    List<String> problems(JsonNode schema, JsonNode value) {
        List<String> problems = new ArrayList<>();
        check(schema, value, "$", problems);
        return problems;
    }

    private void check(JsonNode schema, JsonNode value, String at, List<String> problems) {
        for (String keyword : schema.propertyNames()) {
            if (!KNOWN.contains(keyword)) {
                throw new IllegalArgumentException("no check of the keyword " + keyword);
            }
        }
        if (schema.has("$ref")) {
            JsonNode target = document.at(schema.get("$ref").stringValue().substring(1));
            if (!target.isObject()) {
                throw new IllegalArgumentException("nothing at " + schema.get("$ref"));
            }
            check(target, value, at, problems);
        }
        checkType(schema, value, at, problems);
        checkChoices(schema, value, at, problems);
        checkNumber(schema, value, at, problems);
        if (value.isString()) {
            int length = value.stringValue().length();
            bound(schema, "minLength", "maxLength", length, at, problems);
        }
        if (value.isArray()) {
            bound(schema, "minItems", "maxItems", value.size(), at, problems);
            for (int i = 0; schema.has("items") && i < value.size(); i++) {
                check(schema.get("items"), value.get(i), at + "[" + i + "]", problems);
            }
        }
        if (value.isObject()) {
            checkObject(schema, value, at, problems);
        }
    }

    private static void checkType(
            JsonNode schema, JsonNode value, String at, List<String> problems) {
        if (!schema.has("type")) {
            return;
        }
        JsonNode types = schema.get("type");
        List<JsonNode> all = types.isArray() ? types.valueStream().toList() : List.of(types);
        if (all.stream().noneMatch(type -> is(type.stringValue(), value))) {
            problems.add(at + ": found " + value + ", expected " + types);
        }
    }

    private static boolean is(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            default -> throw new IllegalArgumentException("no type " + type);
        };
    }

    private void checkChoices(JsonNode schema, JsonNode value, String at, List<String> problems) {
        if (schema.has("enum") && schema.get("enum").valueStream().noneMatch(value::equals)) {
            problems.add(at + ": found " + value + ", expected one of " + schema.get("enum"));
        }
        for (String keyword : List.of("oneOf", "anyOf")) {
            if (schema.has(keyword)) {
                long fits =
                        schema.get(keyword)
                                .valueStream()
                                .filter(one -> problems(one, value).isEmpty())
                                .count();
                if (fits == 0 || (fits > 1 && keyword.equals("oneOf"))) {
                    problems.add(
                            "%s: %s fits %d of %s".formatted(at, value, fits, schema.get(keyword)));
                }
            }
        }
    }

    private static void checkNumber(
            JsonNode schema, JsonNode value, String at, List<String> problems) {
        if (value.isNumber()) {
            bound(schema, "minimum", "maximum", value.doubleValue(), at, problems);
            if (schema.has("exclusiveMinimum")
                    && value.doubleValue() <= schema.get("exclusiveMinimum").doubleValue()) {
                problems.add(at + ": found " + value + ", expected more");
            }
        }
    }

    private static void bound(
            JsonNode schema,
            String least,
            String most,
            double found,
            String at,
            List<String> problems) {
        boolean tooSmall = schema.has(least) && found < schema.get(least).doubleValue();
        boolean tooLarge = schema.has(most) && found > schema.get(most).doubleValue();
        if (tooSmall || tooLarge) {
            problems.add("%s: found %s, out of %s and %s".formatted(at, found, least, most));
        }
    }

    private void checkObject(JsonNode schema, JsonNode value, String at, List<String> problems) {
        for (JsonNode name : schema.path("required")) {
            if (!value.has(name.stringValue())) {
                problems.add(at + ": lacks " + name);
            }
        }
        JsonNode properties = schema.path("properties");
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            if (properties.has(field.getKey())) {
                String below = at + "." + field.getKey();
                check(properties.get(field.getKey()), field.getValue(), below, problems);
            } else if (schema.has("additionalProperties")
                    && !schema.get("additionalProperties").booleanValue()) {
                problems.add(at + ": has " + field.getKey() + " too");
            }
        }
    }
}
