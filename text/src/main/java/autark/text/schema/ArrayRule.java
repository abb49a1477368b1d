package autark.text.schema;

/// What is asked of the items of an array. A span of places runs from one index up to another,
/// which is outside.
sealed interface ArrayRule {
    /// An index beyond all.
    int ENDLESS = Integer.MAX_VALUE;

    /// Each item of a span meets a goal.
    record Every(int from, int to, Goal goal) implements ArrayRule {}

    /// So many items of a span meet a goal.
    record Count(int from, int to, Goal goal, int min, int max) implements ArrayRule {}

    /// So many items there are.
    record Size(int min, int max) implements ArrayRule {}

    /// No two items are equal.
    ///
    /// @param node the schema that says so
    record Distinct(Node node) implements ArrayRule {}
}
