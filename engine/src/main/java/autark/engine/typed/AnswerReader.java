package autark.engine.typed;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Makes values of JSON. It takes what the schema allows and refuses anything else, by its place:
/// it relies on nobody having checked the text before.
final class AnswerReader {
    /// Most digits of a whole number, however it is written: `1e999999999` is nine characters.
    static final int WHOLE_DIGITS_MAX = 1_000;

    private final Map<String, Definition> definitions;

    AnswerReader(Map<String, Definition> definitions) {
        this.definitions = definitions;
    }

    /// @throws MisfitException if it is no value of the shape
    @Nullable Object read(JsonNode json, Shape shape, String place) {
        return switch (shape) {
            case Shape.Maybe(Shape value, Shape.Absence absence) ->
                    switch (absence) {
                        case NULL -> json.isNull() ? null : present(json, value, place);
                        case EMPTY_OPTIONAL ->
                                json.isNull()
                                        ? Optional.empty()
                                        : Optional.of(present(json, value, place));
                    };
            default -> present(json, shape, place);
        };
    }

    private Object present(JsonNode json, Shape shape, String place) {
        return switch (shape) {
            case Shape.Text _ -> text(json, place);
            case Shape.Truth _ -> {
                expect(json.isBoolean(), json, place, "true or false");
                yield json.booleanValue();
            }
            case Shape.Whole whole -> whole(json, whole, place);
            case Shape.Decimal decimal -> decimal(json, decimal, place);
            case Shape.Noted(Notation notation) -> noted(json, notation, place);
            case Shape.Constants(Map<String, Object> byName) -> {
                Object constant = byName.get(text(json, place));
                if (constant == null) {
                    throw misfit(json, place, "one of " + byName.keySet());
                }
                yield constant;
            }
            case Shape.Items items -> items(json, items, place);
            case Shape.Entries(Shape value) -> entries(json, value, place);
            case Shape.Named(String name) -> named(json, name, place);
            case Shape.Maybe _ -> throw new IllegalStateException("an optional optional");
        };
    }

    private static String text(JsonNode json, String place) {
        expect(json.isString(), json, place, "a string");
        return json.stringValue();
    }

    private static Object whole(JsonNode json, Shape.Whole shape, String place) {
        expect(json.isNumber(), json, place, "a whole number");
        BigDecimal number = json.decimalValue();
        boolean huge = (long) number.precision() - number.scale() > WHOLE_DIGITS_MAX;
        boolean fractional = number.signum() != 0 && number.stripTrailingZeros().scale() > 0;
        if (huge || fractional) {
            throw misfit(
                    json, place, "a whole number of at most %d digits".formatted(WHOLE_DIGITS_MAX));
        }
        BigInteger value = number.signum() == 0 ? BigInteger.ZERO : number.toBigIntegerExact();
        if (shape.range().isPresent()) {
            Shape.Range range = shape.range().get();
            boolean inside = value.compareTo(range.min()) >= 0 && value.compareTo(range.max()) <= 0;
            expect(inside, json, place, "%d to %d".formatted(range.min(), range.max()));
        }
        return shape.make().apply(value);
    }

    private static Object decimal(JsonNode json, Shape.Decimal shape, String place) {
        expect(json.isNumber(), json, place, "a number");
        BigDecimal number = json.decimalValue();
        if (shape.max().isPresent()) {
            BigDecimal max = shape.max().get();
            expect(
                    number.abs().compareTo(max) <= 0,
                    json,
                    place,
                    "a number up to %s".formatted(max));
        }
        return shape.make().apply(number);
    }

    private static Object noted(JsonNode json, Notation notation, String place) {
        String text = text(json, place);
        try {
            return notation.parse().apply(text);
        } catch (RuntimeException e) {
            throw misfit(json, place, "a text of the pattern " + notation.pattern());
        }
    }

    private Object items(JsonNode json, Shape.Items shape, String place) {
        expect(json.isArray(), json, place, "an array");
        List<Object> values = new ArrayList<>(json.size());
        for (JsonNode item : json.values()) {
            values.add(present(item, shape.item(), place + "[" + values.size() + "]"));
        }
        return shape.make().apply(values);
    }

    private Object entries(JsonNode json, Shape value, String place) {
        expect(json.isObject(), json, place, "an object");
        Map<String, Object> entries = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            String key = entry.getKey();
            entries.put(key, present(entry.getValue(), value, place + "{" + key + "}"));
        }
        return Collections.unmodifiableMap(entries);
    }

    private Object named(JsonNode json, String name, String place) {
        expect(json.isObject(), json, place, "an object");
        return switch (AnswerType.definition(definitions, name)) {
            case Definition.Structure structure -> structure(json, structure, place, 0);
            case Definition.Variants(String _, Map<String, Definition.Structure> byName) -> {
                JsonNode tag = json.path(Definition.Variants.TAG);
                Definition.Structure variant =
                        tag.isString() ? byName.get(tag.stringValue()) : null;
                if (variant == null) {
                    throw misfit(
                            json,
                            place,
                            "a member '%s' with one of %s"
                                    .formatted(Definition.Variants.TAG, byName.keySet()));
                }
                yield structure(json, variant, place, 1);
            }
        };
    }

    /// @param extra members that are no components
    private Object structure(
            JsonNode json, Definition.Structure structure, String place, int extra) {
        List<Definition.Member> members = structure.members();
        @Nullable Object[] components = new @Nullable Object[members.size()];
        for (int i = 0; i < components.length; i++) {
            Definition.Member member = members.get(i);
            JsonNode value = json.get(member.name());
            if (value == null) {
                throw misfit(json, place, "a member '%s'".formatted(member.name()));
            }
            components[i] = read(value, member.shape(), place + "." + member.name());
        }
        expect(json.size() == components.length + extra, json, place, "no other members");
        return structure.maker().make(place, components);
    }

    private static void expect(boolean met, JsonNode json, String place, String expected) {
        if (!met) {
            throw misfit(json, place, expected);
        }
    }

    private static MisfitException misfit(JsonNode json, String place, String expected) {
        String found = json.toString();
        String shown = found.length() > 80 ? found.substring(0, 80) + "..." : found;
        return new MisfitException(
                MisfitException.Kind.NO_VALUE,
                "%s: found %s, expected %s".formatted(place, shown, expected),
                null);
    }
}
