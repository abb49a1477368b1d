package autark.text.grammar;

import java.util.List;

/// A regular expression as it was read.
sealed interface RegexNode {
    /// One character of a set.
    record Chars(CodePoints set) implements RegexNode {}

    /// One after the other; the empty text if there are none.
    record Sequence(List<RegexNode> parts) implements RegexNode {}

    /// One of them; at least one.
    record Choice(List<RegexNode> alternatives) implements RegexNode {}

    /// @param max [Regex#UNBOUNDED] if there is no end
    record Repeat(RegexNode body, int min, int max) implements RegexNode {}

    /// The empty text at the start of the text.
    record TextStart() implements RegexNode {}

    /// The empty text at the end of the text.
    record TextEnd() implements RegexNode {}
}
