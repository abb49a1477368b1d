package autark.text.schema;

/// One way to write an item or a member.
///
/// @param goal what its value has to meet
/// @param counted the counters that it moves, one bit each
record Choice(Goal goal, int counted) {}
