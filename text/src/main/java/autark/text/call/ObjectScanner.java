package autark.text.call;

/// Finds the end of a JSON object. That it begins with a brace is known; what is inside is not
/// checked.
final class ObjectScanner implements ArgumentsReader {
    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean ended;

    @Override
    public void read(StringBuilder text, StringBuilder json) {
        int length = 0;
        while (length < text.length() && !ended) {
            pass(text.charAt(length));
            length++;
        }
        json.append(text, 0, length);
        text.delete(0, length);
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

    @Override
    public boolean ended() {
        return ended;
    }
}
