package autark.text.schema;

/// What a value that comes next may be.
///
/// @param goal what it has to meet
/// @param after where one is once it has
record Pending(Goal goal, Strand after) {}
