package autark.text.schema;

import autark.text.grammar.GrammarException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/// Reads JSON strictly: one value, no duplicate keys, no lone surrogates, within limits.
final class JsonReader {
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(Limits.SCHEMA_DEPTH)
                                    .maxNumberLength(Limits.SCHEMA_NUMBER_CHARS)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private final JsonParser parser;

    private JsonReader(JsonParser parser) {
        this.parser = parser;
    }

    /// The value of a schema's text.
    ///
    /// @throws GrammarException if it is no JSON or beyond a limit
    static Json schema(String text) {
        if (text.length() > Limits.SOURCE_CHARS) {
            throw new GrammarException(
                    "the schema has %d characters, the limit is %d"
                            .formatted(text.length(), Limits.SOURCE_CHARS));
        }
        return read(text);
    }

    /// The value of a text.
    ///
    /// @throws GrammarException if it is no JSON
    static Json read(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            JsonReader reader = new JsonReader(parser);
            parser.nextToken();
            Json value = reader.value();
            if (parser.nextToken() != null) {
                throw reader.error("one value, found more after it");
            }
            return value;
        } catch (JacksonException e) {
            TokenStreamLocation place = e.getLocation();
            String where =
                    place == null
                            ? ""
                            : "line %d, column %d: "
                                    .formatted(place.getLineNr(), place.getColumnNr());
            throw new GrammarException("the schema is no JSON: " + where + e.getOriginalMessage());
        }
    }

    private Json value() {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw error("a value, found the end");
        }
        return switch (token) {
            case VALUE_NULL -> Json.Word.NULL;
            case VALUE_TRUE -> Json.Word.TRUE;
            case VALUE_FALSE -> Json.Word.FALSE;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
            case VALUE_STRING -> new Json.Text(whole(parser.getString()));
            case START_ARRAY -> items();
            case START_OBJECT -> members();
            default -> throw error("a value, found " + token);
        };
    }

    private Json items() {
        List<Json> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value());
        }
        return new Json.Items(items);
    }

    private Json members() {
        Map<String, Json> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = whole(parser.currentName());
            parser.nextToken();
            members.put(name, value());
        }
        return new Json.Members(members);
    }

    private Json number() {
        BigDecimal value = parser.getDecimalValue();
        long exponent = (long) value.precision() - value.scale();
        if (value.signum() != 0 && Math.abs(exponent) > Limits.SCHEMA_EXPONENT) {
            throw error("numbers within 1e±%d".formatted(Limits.SCHEMA_EXPONENT));
        }
        return new Json.Numeral(value);
    }

    private String whole(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int codePoint = text.codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                throw error("whole characters, found half of a surrogate pair");
            }
        }
        return text;
    }

    private GrammarException error(String expected) {
        TokenStreamLocation place = parser.currentLocation();
        return new GrammarException(
                "the schema is no JSON that is read here: line %d, column %d: expected %s"
                        .formatted(place.getLineNr(), place.getColumnNr(), expected));
    }
}
