package autark.text.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// Reads JSON texts into the plain values that templates take.
public final class JsonText {
    /// A value may be a little deeper inside of a message.
    private static final int DEPTH_MAX = Limits.MAX_VALUE_DEPTH - 16;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH_MAX)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private JsonText() {}

    /// The members of a JSON object, in the order of the text.
    ///
    /// @param what names the text in errors
    /// @throws IllegalArgumentException if it is no JSON object
    public static Map<String, Object> object(String what, String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException(
                        "%s: found %s, expected a JSON object".formatted(what, start(text)));
            }
            Map<String, Object> members = members(parser);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException(
                        what + ": found more behind a JSON object, expected one alone");
            }
            return members;
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "%s: expected a JSON object: %s".formatted(what, e.getOriginalMessage()), e);
        }
    }

    /// The members of a JSON object, each as its own text.
    ///
    /// @param text a JSON object
    public static Map<String, String> members(String text) {
        Map<String, String> members = new LinkedHashMap<>();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                int begin = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                parser.finishToken();
                int end = (int) parser.currentLocation().getCharOffset();
                members.put(name, text.substring(begin, end).strip());
            }
        }
        return members;
    }

    /// Whether a text is one JSON value.
    public static boolean isValue(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (JacksonException e) {
            assert e.getMessage() != null;
            return false;
        }
    }

    private static String start(String text) {
        return text.isEmpty() ? "nothing" : text.substring(0, Math.min(20, text.length()));
    }

    private static Map<String, Object> members(JsonParser parser) {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            put(members, name, value(parser));
        }
        return members;
    }

    // Templates know null as none, and maps of them hold it.
    @SuppressWarnings("NullAway")
    private static void put(Map<String, Object> members, String name, @Nullable Object value) {
        members.put(name, value);
    }

    private static @Nullable Object value(JsonParser parser) {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> members(parser);
            case START_ARRAY -> items(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case null, default -> null;
        };
    }

    private static Object whole(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT, LONG -> parser.getLongValue();
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> parser.getDoubleValue();
        };
    }

    private static List<@Nullable Object> items(JsonParser parser) {
        List<@Nullable Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return items;
    }
}
