package autark.text.template;

/// A word of a template.
///
/// @param text template text, a name, an operator, the value of a text literal, the digits of a
///   number
/// @param line counted from 1
record Token(Kind kind, String text, int line) {
    enum Kind {
        /// Text between the tags.
        DATA,
        NAME,
        TEXT_LITERAL,
        INTEGER,
        REAL,
        OPERATOR,
        PRINT_BEGIN,
        PRINT_END,
        BLOCK_BEGIN,
        BLOCK_END,
        /// The end of the template, once.
        END
    }

    boolean is(Kind wanted, String wantedText) {
        return kind == wanted && text.equals(wantedText);
    }

    /// The token as an error message shows it.
    String shown() {
        return switch (kind) {
            case DATA -> "text";
            case NAME, OPERATOR, INTEGER, REAL -> "'" + text + "'";
            case TEXT_LITERAL -> "a text literal";
            case PRINT_BEGIN -> "'{{'";
            case PRINT_END -> "'}}'";
            case BLOCK_BEGIN -> "'{%'";
            case BLOCK_END -> "'%}'";
            case END -> "the end of the template";
        };
    }
}
