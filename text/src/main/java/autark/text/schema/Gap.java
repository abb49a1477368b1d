package autark.text.schema;

/// White space between tokens: one blank, or a new line and its indentation. More of it says
/// nothing and would let a model write it for ever.
final class Gap {
    /// A blank or a new line may come.
    static final int FREE = 0;

    /// No more may come.
    static final int CLOSED = -1;

    /// A blank may come.
    static final int BLANK = -2;

    /// The byte is no white space that may come.
    static final int WRONG = -3;

    private Gap() {}

    /// The gap after one more byte. Values above [#FREE] count the columns of a new line, from 1
    /// on.
    static int after(int gap, int value, int depth) {
        if (gap > FREE) {
            boolean room = gap - 1 < Limits.INDENT_PER_LEVEL * depth;
            return room && (value == ' ' || value == '\t') ? gap + 1 : WRONG;
        }
        if (gap == FREE && value == '\n') {
            return 1;
        }
        return gap != CLOSED && value == ' ' ? CLOSED : WRONG;
    }
}
