package autark.model.file;

/// Text of a hostile file made fit for a terminal and a log line.
final class DisplayText {
    private static final int CHARACTERS_MAX = 120;

    /// Bytes of UTF-8 that are enough for what is shown.
    static final int BYTES_MAX = 4 * (CHARACTERS_MAX + 1);

    private DisplayText() {}

    /// A text in quotation marks, control, format and unpaired surrogate characters escaped.
    static String quoted(String text) {
        return quoted(text, text.length());
    }

    /// The start of a text of `byteCount` bytes, or all of it if it is short.
    static String quoted(String start, int byteCount) {
        StringBuilder shown = new StringBuilder("\"");
        int at = 0;
        for (int i = 0; i < CHARACTERS_MAX && at < start.length(); i++) {
            int character = start.codePointAt(at);
            at += Character.charCount(character);
            append(shown, character);
        }
        if (at < start.length()) {
            shown.append("…\" (").append(byteCount).append(" bytes)");
        } else {
            shown.append('"');
        }
        return shown.toString();
    }

    private static void append(StringBuilder shown, int character) {
        switch (character) {
            case '\n' -> shown.append("\\n");
            case '\t' -> shown.append("\\t");
            case '\r' -> shown.append("\\r");
            case '"' -> shown.append("\\\"");
            case '\\' -> shown.append("\\\\");
            default -> {
                if (isInvisible(character)) {
                    shown.append("\\u{").append(Integer.toHexString(character)).append('}');
                } else {
                    shown.appendCodePoint(character);
                }
            }
        }
    }

    /// Whether the text has a character that could steer a terminal or reorder the line instead of
    /// showing itself.
    static boolean hasInvisible(String text) {
        for (int at = 0; at < text.length(); at = text.offsetByCodePoints(at, 1)) {
            if (isInvisible(text.codePointAt(at))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isInvisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }
}
