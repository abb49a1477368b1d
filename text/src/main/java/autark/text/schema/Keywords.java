package autark.text.schema;

import java.util.HashMap;
import java.util.Map;

/// What follows each keyword, by draft. Sources: JSON Schema core 2020-12 (sections 8 to 11),
/// validation 2020-12 (sections 6 to 9), and the drafts 7 of both.
final class Keywords {
    /// What stands after a keyword.
    enum Form {
        /// Nothing that is known.
        UNKNOWN,

        /// Something that decides nothing about instances.
        NOTE,

        /// A plain value.
        VALUE,

        /// A schema.
        SCHEMA,

        /// An array of schemas.
        SCHEMAS,

        /// A schema or an array of schemas.
        SCHEMA_OR_SCHEMAS,

        /// Schemas by name.
        NAMED_SCHEMAS,

        /// Schemas or arrays of names, by name.
        DEPENDENCIES
    }

    private static final Map<String, Form> BOTH = new HashMap<>();
    private static final Map<String, Form> DRAFT_7 = new HashMap<>();
    private static final Map<String, Form> DRAFT_2020_12 = new HashMap<>();

    static {
        put(BOTH, Form.NOTE, "$schema $comment title description default examples readOnly");
        put(BOTH, Form.NOTE, "writeOnly format contentEncoding contentMediaType");
        put(BOTH, Form.VALUE, "$id $ref type enum const minimum maximum exclusiveMinimum");
        put(BOTH, Form.VALUE, "exclusiveMaximum multipleOf minLength maxLength pattern minItems");
        put(BOTH, Form.VALUE, "maxItems uniqueItems minProperties maxProperties required");
        put(BOTH, Form.SCHEMA, "contains additionalProperties propertyNames not if then else");
        put(BOTH, Form.SCHEMAS, "allOf anyOf oneOf");
        put(BOTH, Form.NAMED_SCHEMAS, "properties patternProperties definitions $defs");
        put(DRAFT_7, Form.SCHEMA_OR_SCHEMAS, "items");
        put(DRAFT_7, Form.SCHEMA, "additionalItems");
        put(DRAFT_7, Form.DEPENDENCIES, "dependencies");
        put(DRAFT_2020_12, Form.NOTE, "deprecated");
        put(DRAFT_2020_12, Form.VALUE, "$anchor $dynamicAnchor $dynamicRef dependentRequired");
        put(DRAFT_2020_12, Form.VALUE, "minContains maxContains");
        put(DRAFT_2020_12, Form.SCHEMA, "items contentSchema unevaluatedItems");
        put(DRAFT_2020_12, Form.SCHEMA, "unevaluatedProperties");
        put(DRAFT_2020_12, Form.SCHEMAS, "prefixItems");
        put(DRAFT_2020_12, Form.NAMED_SCHEMAS, "dependentSchemas");
    }

    private Keywords() {}

    private static void put(Map<String, Form> forms, Form form, String names) {
        for (String name : names.split(" ", -1)) {
            forms.put(name, form);
        }
    }

    static Form form(String keyword, Draft draft) {
        if (keyword.startsWith("x-")) {
            return Form.NOTE;
        }
        Map<String, Form> own = draft == Draft.DRAFT_7 ? DRAFT_7 : DRAFT_2020_12;
        Form form = own.get(keyword);
        return form == null ? BOTH.getOrDefault(keyword, Form.UNKNOWN) : form;
    }

    static String name(Draft draft) {
        return draft == Draft.DRAFT_7 ? "draft 7" : "draft 2020-12";
    }
}
