package autark.text.grammar;

import java.util.List;

/// The right side of a rule as it was read.
sealed interface GbnfNode {
    /// One character of a set.
    record Chars(CodePoints set) implements GbnfNode {}

    /// One after the other; the empty text if there are none.
    record Sequence(List<GbnfNode> parts) implements GbnfNode {}

    /// One of them; at least one.
    record Choice(List<GbnfNode> alternatives) implements GbnfNode {}

    /// @param max [Regex#UNBOUNDED] if there is no end
    record Repeat(GbnfNode body, int min, int max) implements GbnfNode {}

    /// What another rule describes.
    record Call(int rule) implements GbnfNode {}
}
