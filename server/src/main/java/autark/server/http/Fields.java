package autark.server.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A JSON object of a request whose every field has to be asked for: what nobody has asked for by
/// [#end] is refused by name, so nothing that a client wants is lost without a word. A field that
/// is null counts as absent.
public final class Fields {
    private final JsonNode object;
    private final String path;
    private final Set<String> known = new LinkedHashSet<>();

    private Fields(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /// The object that is the body of a request.
    ///
    /// @throws ApiException if it is not one JSON object within the limits
    public static Fields of(byte[] body) {
        return of(JsonBody.read(body), "");
    }

    /// An object within a body.
    ///
    /// @param path of the object, as `messages[2]`; empty for the whole body
    /// @throws ApiException if it is no object
    public static Fields of(JsonNode node, String path) {
        if (!node.isObject()) {
            throw ApiException.field(
                    path, place(path) + ": found " + kind(node) + ", expected an object");
        }
        return new Fields(node, path);
    }

    /// The path of a field of this object.
    public String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /// A field of any kind.
    public Optional<JsonNode> any(String name) {
        known.add(name);
        JsonNode node = object.get(name);
        return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
    }

    public boolean has(String name) {
        return any(name).isPresent();
    }

    public Optional<String> text(String name) {
        return any(name)
                .map(node -> {
                    if (!node.isString()) {
                        throw wrong(name, node, "a string");
                    }
                    return node.stringValue();
                });
    }

    public String requiredText(String name) {
        return text(name).orElseThrow(() -> missing(name));
    }

    /// One of a few words.
    public Optional<String> word(String name, Set<String> words) {
        Optional<String> word = text(name);
        if (word.isPresent() && !words.contains(word.get())) {
            throw invalid(
                    name,
                    "found \"%s\", expected one of %s"
                            .formatted(shortened(word.get()), String.join(", ", words)));
        }
        return word;
    }

    public OptionalInt integer(String name, int min, int max) {
        OptionalLong value = longInteger(name, min, max);
        return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
    }

    public OptionalLong longInteger(String name, long min, long max) {
        Optional<JsonNode> node = any(name);
        if (node.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!node.get().isIntegralNumber() || !node.get().canConvertToLong()) {
            throw wrong(name, node.get(), "an integer from %d to %d".formatted(min, max));
        }
        long value = node.get().longValue();
        if (value < min || value > max) {
            throw invalid(name, "found %d, expected %d to %d".formatted(value, min, max));
        }
        return OptionalLong.of(value);
    }

    public OptionalDouble number(String name, double min, double max) {
        Optional<JsonNode> node = any(name);
        if (node.isEmpty()) {
            return OptionalDouble.empty();
        }
        if (!node.get().isNumber()) {
            throw wrong(name, node.get(), "a number from %s to %s".formatted(min, max));
        }
        double value = node.get().doubleValue();
        if (!(value >= min && value <= max)) {
            throw invalid(name, "found %s, expected %s to %s".formatted(value, min, max));
        }
        return OptionalDouble.of(value);
    }

    public Optional<Boolean> flag(String name) {
        return any(name)
                .map(node -> {
                    if (!node.isBoolean()) {
                        throw wrong(name, node, "true or false");
                    }
                    return node.booleanValue();
                });
    }

    public Optional<Fields> object(String name) {
        return any(name).map(node -> of(node, path(name)));
    }

    /// The elements of an array; empty if it is absent.
    public List<JsonNode> array(String name, int maxCount) {
        Optional<JsonNode> node = any(name);
        if (node.isEmpty()) {
            return List.of();
        }
        if (!node.get().isArray()) {
            throw wrong(name, node.get(), "an array");
        }
        if (node.get().size() > maxCount) {
            throw invalid(
                    name,
                    "found %d elements, expected at most %d"
                            .formatted(node.get().size(), maxCount));
        }
        return new ArrayList<>(node.get().asArray().values());
    }

    /// The elements of an array of objects; empty if it is absent.
    public List<Fields> objects(String name, int maxCount) {
        List<Fields> objects = new ArrayList<>();
        for (JsonNode element : array(name, maxCount)) {
            objects.add(of(element, "%s[%d]".formatted(path(name), objects.size())));
        }
        return objects;
    }

    /// One text or several; empty if the field is absent.
    public List<String> texts(String name, int maxCount) {
        Optional<JsonNode> node = any(name);
        if (node.isPresent() && node.get().isString()) {
            return List.of(node.get().stringValue());
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array(name, maxCount)) {
            if (!element.isString()) {
                throw ApiException.field(
                        "%s[%d]".formatted(path(name), texts.size()),
                        "%s[%d]: found %s, expected a string"
                                .formatted(path(name), texts.size(), kind(element)));
            }
            texts.add(element.stringValue());
        }
        return texts;
    }

    /// The names of all fields; each counts as asked for.
    public List<String> names() {
        List<String> names = List.copyOf(object.propertyNames());
        known.addAll(names);
        return names;
    }

    /// Refuses a field that Autark knows and cannot honour, if it is there.
    ///
    /// @param why what the client can do instead
    public void refuse(String name, String why) {
        if (has(name)) {
            throw invalid(name, "is not supported: " + why).withCode("unsupported_parameter");
        }
    }

    /// Refuses a text that Autark cannot honour, if it is there and not empty.
    ///
    /// @param why what the client can do instead
    public void refuseText(String name, String why) {
        if (!text(name).orElse("").isEmpty()) {
            refuse(name, why);
        }
    }

    /// Refuses a field unless it says what happens anyway.
    public void expect(String name, Object onlyValue, String why) {
        Optional<JsonNode> node = any(name);
        if (node.isPresent()
                && !node.get().asString(node.get().toString()).equals(onlyValue.toString())) {
            throw invalid(
                            name,
                            "found %s, supported is only %s: %s"
                                    .formatted(shortened(node.get().toString()), onlyValue, why))
                    .withCode("unsupported_parameter");
        }
    }

    /// Refuses what nobody has asked for. What is null asks for nothing: libraries that send back
    /// what they got send such fields.
    public void end() {
        for (String name : object.propertyNames()) {
            JsonNode value = object.get(name);
            boolean asks = !value.isNull() && !(value.isArray() && value.isEmpty());
            if (!known.contains(name) && asks) {
                throw ApiException.field(
                                path(name),
                                "unknown field %s; known here: %s"
                                        .formatted(shortened(path(name)), String.join(", ", known)))
                        .withCode("unknown_parameter");
            }
        }
    }

    /// What is wrong with a field.
    public ApiException invalid(String name, String message) {
        return ApiException.field(path(name), path(name) + ": " + message);
    }

    public ApiException missing(String name) {
        return invalid(name, "is missing").withCode("missing_required_parameter");
    }

    private ApiException wrong(String name, JsonNode node, String expected) {
        return invalid(name, "found " + kind(node) + ", expected " + expected);
    }

    private static String place(String path) {
        return path.isEmpty() ? "the body" : path;
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case BOOLEAN, NUMBER -> shortened(node.toString());
            case STRING -> "the string " + shortened(node.toString());
            case NULL -> "null";
            default -> "nothing";
        };
    }

    private static String shortened(String text) {
        int most = 80;
        return text.length() <= most ? text : text.substring(0, most) + "...";
    }
}
