package autark.text.schema;

import java.util.List;

/// Schemas as people write them.
final class RealSchemas {
    static final String INVOICE =
            """
            {"$schema": "https://json-schema.org/draft/2020-12/schema",
             "title": "Invoice", "type": "object",
             "properties": {
               "number": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}$"},
               "date": {"type": "string", "format": "date"},
               "currency": {"enum": ["EUR", "USD", "CHF"]},
               "customer": {"$ref": "#/$defs/party"},
               "lines": {"type": "array", "minItems": 1, "maxItems": 20,
                         "items": {"$ref": "#/$defs/line"}},
               "paid": {"type": "boolean", "default": false},
               "note": {"type": ["string", "null"], "maxLength": 40}
             },
             "required": ["number", "currency", "customer", "lines"],
             "additionalProperties": false,
             "$defs": {
               "party": {"type": "object",
                 "properties": {"name": {"type": "string", "minLength": 1},
                                "vat": {"type": "string", "pattern": "^[A-Z]{2}[0-9]{8,10}$"}},
                 "required": ["name"], "additionalProperties": false},
               "line": {"type": "object",
                 "properties": {"text": {"type": "string"},
                                "quantity": {"type": "integer", "minimum": 1, "maximum": 999},
                                "price": {"type": "number", "exclusiveMinimum": 0,
                                          "multipleOf": 0.01}},
                 "required": ["text", "quantity", "price"], "additionalProperties": false}
             }}
            """;

    static final String TOOL_CALL =
            """
            {"oneOf": [
               {"type": "object",
                "properties": {"name": {"const": "weather"},
                               "arguments": {"type": "object",
                                 "properties": {"city": {"type": "string"},
                                                "unit": {"enum": ["celsius", "fahrenheit"]}},
                                 "required": ["city"], "additionalProperties": false}},
                "required": ["name", "arguments"], "additionalProperties": false},
               {"type": "object",
                "properties": {"name": {"const": "search"},
                               "arguments": {"type": "object",
                                 "properties": {"query": {"type": "string", "minLength": 1},
                                                "limit": {"type": "integer", "minimum": 1,
                                                          "maximum": 50}},
                                 "required": ["query"], "additionalProperties": false}},
                "required": ["name", "arguments"], "additionalProperties": false}
             ]}
            """;

    static final String TREE =
            """
            {"$ref": "#/$defs/node",
             "$defs": {"node": {"type": "object",
               "properties": {"value": {"type": "integer"},
                              "children": {"type": "array", "items": {"$ref": "#/$defs/node"}}},
               "required": ["value", "children"], "additionalProperties": false}}}
            """;

    static final String MATRIX =
            """
            {"type": "array", "minItems": 2, "maxItems": 2,
             "items": {"type": "array", "minItems": 2, "maxItems": 3,
                       "items": {"type": "number", "minimum": -1, "maximum": 1}}}
            """;

    static final String TAGS =
            """
            {"type": "object",
             "properties": {"tags": {"type": "array", "uniqueItems": true, "minItems": 2,
                                     "items": {"enum": ["red", "green", "blue", 1, null]}}},
             "required": ["tags"],
             "patternProperties": {"^x_": {"type": "integer"}},
             "additionalProperties": {"type": "string", "maxLength": 5},
             "maxProperties": 4}
            """;

    static final String SHIPPING =
            """
            {"type": "object",
             "properties": {"country": {"enum": ["DE", "US"]}, "zip": {"type": "string"},
                            "card": {"type": "string"}, "address": {"type": "string"}},
             "required": ["country", "zip"],
             "if": {"properties": {"country": {"const": "US"}}},
             "then": {"properties": {"zip": {"pattern": "^[0-9]{5}(-[0-9]{4})?$"}}},
             "else": {"properties": {"zip": {"pattern": "^[0-9]{5}$"}}},
             "dependentRequired": {"card": ["address"]},
             "unevaluatedProperties": false}
            """;

    static final String CONTAINS =
            """
            {"type": "array", "contains": {"type": "string", "minLength": 2}, "minContains": 2,
             "maxContains": 3, "maxItems": 6, "items": {"type": ["string", "integer", "object"]}}
            """;

    static final String ANY = "true";

    static final List<String> ALL =
            List.of(INVOICE, TOOL_CALL, TREE, MATRIX, TAGS, SHIPPING, CONTAINS, ANY);

    private RealSchemas() {}
}
