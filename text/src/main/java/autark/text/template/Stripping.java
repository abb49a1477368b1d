package autark.text.template;

import java.util.BitSet;

/// Takes characters off the ends of a text.
final class Stripping {
    /// Which ends.
    enum Side {
        LEFT,
        RIGHT,
        BOTH
    }

    private Stripping() {}

    /// The text without white space at its ends.
    static String space(String text, Side side) {
        int start = 0;
        int end = text.length();
        while (side != Side.RIGHT && start < end && PythonText.isSpace(text.charAt(start))) {
            start++;
        }
        while (side != Side.LEFT && end > start && PythonText.isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /// The text without any of these characters at its ends.
    static String characters(String text, String characters, Side side) {
        BitSet members = new BitSet();
        for (int i = 0; i < characters.length(); i = characters.offsetByCodePoints(i, 1)) {
            members.set(characters.codePointAt(i));
        }
        int start = 0;
        int end = text.length();
        while (side != Side.RIGHT && start < end && members.get(text.codePointAt(start))) {
            start = text.offsetByCodePoints(start, 1);
        }
        while (side != Side.LEFT && end > start && members.get(text.codePointBefore(end))) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(start, end);
    }
}
