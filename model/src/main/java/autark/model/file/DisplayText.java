package autark.model.file;

/// Text of a hostile file made fit for a terminal and a log line.
final class DisplayText {
    private DisplayText() {}

    /// The text in quotation marks: control, format and unpaired surrogate characters escaped, and
    /// cut after `characterMax` characters.
    static String quoted(String text, int characterMax) {
        StringBuilder shown = new StringBuilder("\"");
        int end = Math.min(text.length(), characterMax);
        int at = 0;
        while (at < end) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            append(shown, character);
        }
        if (at < text.length()) {
            shown.append("…\" (").append(text.length()).append(" characters)");
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
