package autark.text.parse;

/// Follows a Markdown text character by character and knows whether it stands inside of code: in a
/// fence (between lines that begin with three or more back ticks or tildes) or in inline code
/// (after an odd number of back ticks on the line).
final class CodeTracker {
    private static final int FENCE_RUN = 3;
    private static final char NONE = 0;

    private boolean lineStart = true;
    private boolean inlineCode;

    /// The mark of the fence that is open.
    private char fence = NONE;

    /// The mark that a line begins with, and how often; a fence if often enough.
    private char runMark = NONE;

    private int runLength;

    /// Whether only blanks stand on the line so far.
    boolean atLineStart() {
        return lineStart;
    }

    boolean insideFence() {
        return fence != NONE;
    }

    boolean insideCode() {
        return insideFence() || inlineCode;
    }

    void pass(char character) {
        if (character == '\n') {
            lineStart = true;
            inlineCode = false;
            runMark = NONE;
        } else if (lineStart && (character == '`' || character == '~')) {
            lineStart = false;
            runMark = character;
            runLength = 1;
            inlineCode = character == '`';
        } else if (character == runMark) {
            runLength++;
            passFenceMark();
        } else {
            passText(character);
        }
    }

    private void passFenceMark() {
        if (runLength < FENCE_RUN) {
            inlineCode ^= runMark == '`';
        } else if (runLength == FENCE_RUN) {
            inlineCode = false;
            if (fence == NONE) {
                fence = runMark;
            } else if (fence == runMark) {
                fence = NONE;
            }
        }
    }

    private void passText(char character) {
        runMark = NONE;
        inlineCode ^= character == '`';
        lineStart &= character == ' ' || character == '\t';
    }

    /// Passes a word that is no code mark.
    void passWord() {
        runMark = NONE;
        lineStart = false;
    }
}
