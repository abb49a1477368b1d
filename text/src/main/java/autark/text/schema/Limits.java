package autark.text.schema;

/// How much a schema may ask for, and how long the texts of its language may grow in places where
/// the schema itself sets no end.
final class Limits {
    /// Characters of a schema's text.
    static final int SOURCE_CHARS = 1 << 18;

    /// Levels of nesting in a schema's text.
    static final int SCHEMA_DEPTH = 100;

    /// Characters of one number in a schema.
    static final int SCHEMA_NUMBER_CHARS = 100;

    /// The exponent of a number in a schema, either way.
    static final int SCHEMA_EXPONENT = 400;

    /// Schemas in a schema's text.
    static final int NODES = 10_000;

    /// Schemas that lead into one another, by references and combinators, for one value.
    static final int REFERENCE_DEPTH = 200;

    /// Different combinations of schemas that a value may have to meet.
    static final int GOALS = 4_000;

    /// Alternatives that one value's arrays or objects may have, after all combinators.
    static final int ALTERNATIVES = 256;

    /// Alternatives that are looked at before the impossible ones are dropped.
    static final int CANDIDATES = 4_096;

    /// Elementary steps of compiling a schema.
    static final long COMPILE_STEPS = 500_000;

    /// `contains` and its like that count in one array or object.
    static final int COUNTERS = 6;

    /// Names that are told apart in an object in which something is counted.
    static final int COUNTED_NAMES = 1_000;

    /// Characters of a key that is listed.
    static final int LISTED_CHARS = 100;

    /// Groups of keys that patterns tell apart in one object.
    static final int KEY_GROUPS = 64;

    /// Keys of a finite pattern that are listed instead of being kept as a pattern.
    static final int LISTED_KEYS = 128;

    /// Steps of one search for a way to end an array or object.
    static final int PLAN_STEPS = 20_000;

    /// Items or members that a schema may require of one array or object.
    static final int REQUIRED_PARTS = 1_000;

    /// Items that may be required of an array without equal ones.
    static final int DISTINCT_PARTS = 32;

    /// Pieces of a set of numbers.
    static final int NUMBER_PIECES = 4_096;

    /// Digits before the decimal point that an answer may write.
    static final int INTEGER_DIGITS = 32;

    /// Digits after the decimal point that an answer may write.
    static final int FRACTION_DIGITS = 20;

    /// The largest power of ten, either way, that an answer may write after an `e`: with all digits
    /// before it, the number is still one for a double.
    static final int EXPONENT = 200;

    /// Levels of arrays and objects in an answer.
    static final int DEPTH = 64;

    /// Columns of indentation that an answer may write, for each level.
    static final int INDENT_PER_LEVEL = 8;

    private Limits() {}
}
