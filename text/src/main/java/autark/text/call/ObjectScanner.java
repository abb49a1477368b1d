package autark.text.call;

/// Finds the end of a JSON object while it is written. That it begins with a brace is known; what
/// is inside is not checked.
final class ObjectScanner {
    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean ended;

    /// Takes a piece and returns how many of its characters belong to the object.
    int scan(CharSequence piece) {
        int at = 0;
        while (at < piece.length() && !ended) {
            pass(piece.charAt(at));
            at++;
        }
        return at;
    }

    private void pass(char unit) {
        if (inString) {
            inString = escaped || unit != '"';
            escaped = !escaped && unit == '\\';
        } else {
            switch (unit) {
                case '"' -> inString = true;
                case '{' -> depth++;
                case '}' -> {
                    depth--;
                    ended = depth == 0;
                }
                default -> {}
            }
        }
    }

    /// Whether the object is whole.
    boolean ended() {
        return ended;
    }
}
