package autark.text.schema;

/// The kinds of JSON values, by how they are written. No value is of two kinds, so that a schema is
/// worked out for each kind on its own.
enum Kind {
    WORD,
    NUMBER,
    STRING,
    ARRAY,
    OBJECT
}
