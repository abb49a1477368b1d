package autark.engine.typed;

import autark.engine.AnswerTypeException;
import autark.engine.Json;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;

/// A Java type as the type of answers: the schema that answers keep to, and the way from their text
/// to values.
///
/// A type is read once, into [Shape]s and [Definition]s; the schema is written from them, and
/// values are made by them, so that the two agree. What was read stays with its class, and goes
/// with it when its class loader goes.
public final class AnswerType<T> {
    /// Longest schema, in UTF-16 units.
    public static final int SCHEMA_CHARS_MAX = 1 << 18;

    private static final ClassValue<AnswerType<?>> READ =
            new ClassValue<>() {
                @Override
                protected AnswerType<?> computeValue(Class<?> type) {
                    return new AnswerType<>(type);
                }
            };

    private final String name;
    private final Shape shape;
    private final Map<String, Definition> definitions;
    private final String schema;
    private final String hint;

    private AnswerType(Class<T> type) {
        TypeReader reader = new TypeReader();
        name = type.getSimpleName();
        shape = reader.read(type);
        definitions = reader.definitions();
        Endlessness.check(definitions);
        schema = SchemaWriter.write(shape, definitions, SchemaWriter.Reader.ENGINE);
        hint = SchemaWriter.write(shape, definitions, SchemaWriter.Reader.MODEL);
        if (schema.length() > SCHEMA_CHARS_MAX) {
            throw new AnswerTypeException(
                    "%s: found a type whose schema has %d characters, expected at most %d"
                            .formatted(name, schema.length(), SCHEMA_CHARS_MAX));
        }
    }

    /// What is known of a type; it is read when it is first asked for.
    ///
    /// @throws AnswerTypeException if it cannot be the type of an answer
    @SuppressWarnings("unchecked") // read from this very class
    public static <T> AnswerType<T> of(Class<T> type) {
        return (AnswerType<T>) READ.get(type);
    }

    static Definition definition(Map<String, Definition> definitions, String name) {
        return Objects.requireNonNull(definitions.get(name), name);
    }

    /// A JSON Schema whose values are values of the type.
    public String schema() {
        return schema;
    }

    /// A shorter JSON Schema that says the same to a model, which need not know how each date is
    /// spelled out as a pattern.
    public String hint() {
        return hint;
    }

    /// The value that a text stands for.
    ///
    /// @throws MisfitException if it stands for none
    @SuppressWarnings("unchecked") // the shape was read from the class of T
    public T read(String text) {
        JsonNode json;
        try {
            json =
                    Json.mapper()
                            .reader()
                            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                            .readTree(text);
        } catch (JacksonException e) {
            throw new MisfitException(MisfitException.Kind.NO_JSON, e.getOriginalMessage(), e);
        }
        if (json.isMissingNode()) {
            throw new MisfitException(MisfitException.Kind.NO_JSON, "found no text", null);
        }
        return (T) Objects.requireNonNull(new AnswerReader(definitions).read(json, shape, name));
    }
}
