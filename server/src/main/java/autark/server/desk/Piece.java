package autark.server.desk;

import autark.text.parse.Segment;

/// A piece of one of the answers to a request.
///
/// @param choice which one, from 0
public record Piece(int choice, Segment segment) {}
