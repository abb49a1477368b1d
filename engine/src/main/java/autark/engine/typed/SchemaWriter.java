package autark.engine.typed;

import autark.engine.Json;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes the JSON Schema (draft 2020-12) of a type, for one of two readers.
///
/// Each record and sealed interface stands once among `$defs`, the outermost one in the place of
/// the whole schema.
final class SchemaWriter {
    /// Who reads a schema.
    enum Reader {
        /// The engine, which makes the model keep to it: exact.
        ENGINE,
        /// The model, which has to understand it: short. Patterns and the ranges of numbers are
        /// left out.
        MODEL
    }

    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

    private final JsonMapper mapper = Json.mapper();
    private final Map<String, Definition> definitions;
    private final Reader reader;
    private final Optional<String> root;

    private SchemaWriter(Shape root, Map<String, Definition> definitions, Reader reader) {
        this.definitions = definitions;
        this.reader = reader;
        this.root = root instanceof Shape.Named(String n) ? Optional.of(n) : Optional.empty();
    }

    static String write(Shape root, Map<String, Definition> definitions, Reader reader) {
        return new SchemaWriter(root, definitions, reader).whole(root).toString();
    }

    private ObjectNode whole(Shape shape) {
        ObjectNode schema = mapper.createObjectNode();
        if (reader == Reader.ENGINE) {
            schema.put("$schema", DRAFT);
        }
        schema.setAll(shape instanceof Shape.Named(String name) ? definition(name) : schema(shape));
        ObjectNode others = mapper.createObjectNode();
        for (String name : definitions.keySet()) {
            if (!isRoot(name)) {
                others.set(name, definition(name));
            }
        }
        if (!others.isEmpty()) {
            schema.set("$defs", others);
        }
        return schema;
    }

    private boolean isRoot(String name) {
        return root.isPresent() && root.get().equals(name);
    }

    private ObjectNode definition(String name) {
        return switch (AnswerType.definition(definitions, name)) {
            case Definition.Structure structure -> object(structure, "");
            case Definition.Variants variants -> {
                ObjectNode schema = described(variants.description());
                ArrayNode choices = schema.putArray("anyOf");
                variants.byName().forEach((tag, structure) -> choices.add(object(structure, tag)));
                yield schema;
            }
        };
    }

    /// @param tag what tells it from other records; empty if nothing has to
    private ObjectNode object(Definition.Structure structure, String tag) {
        ObjectNode schema = described(structure.description());
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        if (!tag.isEmpty()) {
            properties.putObject(Definition.Variants.TAG).put("const", tag);
            required.add(Definition.Variants.TAG);
        }
        for (Definition.Member member : structure.members()) {
            ObjectNode property = described(member.description());
            properties.set(member.name(), property.setAll(schema(member.shape())));
            required.add(member.name());
        }
        return schema.put("additionalProperties", false);
    }

    private ObjectNode described(String description) {
        ObjectNode schema = mapper.createObjectNode();
        return description.isEmpty() ? schema : schema.put("description", description);
    }

    private ObjectNode schema(Shape shape) {
        return switch (shape) {
            case Shape.Text _ -> ofType("string");
            case Shape.Truth _ -> ofType("boolean");
            case Shape.Whole whole -> whole(whole);
            case Shape.Decimal decimal -> decimal(decimal);
            case Shape.Noted(Notation notation) -> noted(notation);
            case Shape.Constants constants -> {
                ObjectNode schema = mapper.createObjectNode();
                constants.byName().keySet().forEach(schema.putArray("enum")::add);
                yield schema;
            }
            case Shape.Items items -> {
                ObjectNode schema = ofType("array");
                schema.set("items", schema(items.item()));
                yield items.distinct() ? schema.put("uniqueItems", true) : schema;
            }
            case Shape.Entries(Shape value) ->
                    ofType("object").set("additionalProperties", schema(value));
            case Shape.Maybe maybe -> {
                ObjectNode schema = mapper.createObjectNode();
                schema.putArray("anyOf").add(schema(maybe.value())).add(ofType("null"));
                yield schema;
            }
            case Shape.Named(String name) ->
                    mapper.createObjectNode().put("$ref", isRoot(name) ? "#" : "#/$defs/" + name);
        };
    }

    private ObjectNode ofType(String type) {
        return mapper.createObjectNode().put("type", type);
    }

    private ObjectNode whole(Shape.Whole shape) {
        ObjectNode schema = ofType("integer");
        if (reader == Reader.ENGINE) {
            shape.range()
                    .ifPresent(range ->
                            schema.put("minimum", range.min()).put("maximum", range.max()));
        }
        return schema;
    }

    private ObjectNode decimal(Shape.Decimal shape) {
        ObjectNode schema = ofType("number");
        if (reader == Reader.ENGINE) {
            shape.max().ifPresent(max -> schema.put("minimum", max.negate()).put("maximum", max));
        }
        return schema;
    }

    private ObjectNode noted(Notation notation) {
        ObjectNode schema = ofType("string");
        notation.format().ifPresent(format -> schema.put("format", format));
        return switch (reader) {
            case ENGINE -> schema.put("pattern", notation.pattern());
            case MODEL -> {
                notation.sketch().ifPresent(sketch -> schema.put("pattern", sketch));
                yield schema;
            }
        };
    }
}
