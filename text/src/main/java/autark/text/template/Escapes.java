package autark.text.template;

/// The escapes of text literals, as Python's `unicode-escape` reads them. An unknown escape stays
/// as it is, backslash included.
final class Escapes {
    private Escapes() {}

    /// Replaces the escapes of the text between the quotes.
    ///
    /// @throws IllegalArgumentException if an escape is cut short or names no character
    static String unescape(String body) {
        StringBuilder text = new StringBuilder(body.length());
        int position = 0;
        while (position < body.length()) {
            char character = body.charAt(position++);
            if (character == '\\' && position < body.length()) {
                position = escape(body, position, text);
            } else {
                text.append(character);
            }
        }
        return text.toString();
    }

    /// Reads the escape whose letter stands at `position`; returns the position after it.
    private static int escape(String body, int position, StringBuilder text) {
        char letter = body.charAt(position);
        int next = position + 1;
        switch (letter) {
            case '\n' -> {}
            case '\\', '\'', '"' -> text.append(letter);
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case 'r' -> text.append('\r');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'a' -> text.append('\u0007');
            case 'v' -> text.append('\u000b');
            case 'x' -> next = number(body, next, 2, text);
            case 'u' -> next = number(body, next, 4, text);
            case 'U' -> next = number(body, next, 8, text);
            case 'N' -> next = named(body, next, text);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> next = octal(body, position, text);
            default -> text.append('\\').append(letter);
        }
        return next;
    }

    private static int number(String body, int start, int digits, StringBuilder text) {
        int end = start + digits;
        boolean valid = end <= body.length();
        for (int i = start; valid && i < end; i++) {
            valid = Character.digit(body.charAt(i), 16) >= 0;
        }
        long codePoint = valid ? Long.parseLong(body, start, end, 16) : -1;
        if (codePoint < 0 || codePoint > Character.MAX_CODE_POINT) {
            throw new IllegalArgumentException(
                    "expected an escape of " + digits + " hexadecimal digits that is a character");
        }
        text.appendCodePoint((int) codePoint);
        return end;
    }

    private static int octal(String body, int start, StringBuilder text) {
        int end = start;
        int codePoint = 0;
        while (end < body.length()
                && end < start + 3
                && Character.digit(body.charAt(end), 8) >= 0) {
            codePoint = codePoint * 8 + Character.digit(body.charAt(end++), 8);
        }
        text.appendCodePoint(codePoint);
        return end;
    }

    private static int named(String body, int start, StringBuilder text) {
        int end = body.indexOf('}', start);
        if (end < 0 || body.charAt(start) != '{') {
            throw new IllegalArgumentException("expected \\N{name of a character}");
        }
        text.appendCodePoint(Character.codePointOf(body.substring(start + 1, end)));
        return end + 1;
    }
}
