package autark.text.template;

/// Finds a text inside another one in linear time. `String.indexOf` takes time proportional to the
/// product of both lengths on texts like `aaaa…b`, which a hostile template would use.
final class Search {
    /// Needles up to this length are left to `String.indexOf`.
    private static final int SHORT_CHARS = 8;

    private Search() {}

    /// The first position of `needle` from `start` on, or -1.
    static int indexOf(String text, String needle, int start) {
        if (needle.length() <= SHORT_CHARS) {
            return text.indexOf(needle, start);
        }
        return linearIndexOf(text, needle, start);
    }

    /// Pays for searches that together pass through `text` once.
    static void charge(String text, String needle, Rendering rendering) {
        rendering.chargeScan(text);
        if (needle.length() > SHORT_CHARS) {
            rendering.chargeConversion(text);
        }
    }

    private static int linearIndexOf(String text, String needle, int start) {
        if (text.length() - start < needle.length()) {
            return -1;
        }
        int[] borders = borders(needle);
        int matched = 0;
        for (int i = start; i < text.length(); i++) {
            while (matched > 0 && text.charAt(i) != needle.charAt(matched)) {
                matched = borders[matched - 1];
            }
            if (text.charAt(i) == needle.charAt(matched)) {
                matched++;
            }
            if (matched == needle.length()) {
                return i - matched + 1;
            }
        }
        return -1;
    }

    /// For each prefix of `needle` the length of the longest proper prefix that is its suffix, as
    /// in the algorithm of Knuth, Morris and Pratt.
    private static int[] borders(String needle) {
        int[] borders = new int[needle.length()];
        int length = 0;
        for (int i = 1; i < needle.length(); i++) {
            while (length > 0 && needle.charAt(i) != needle.charAt(length)) {
                length = borders[length - 1];
            }
            if (needle.charAt(i) == needle.charAt(length)) {
                length++;
            }
            borders[i] = length;
        }
        return borders;
    }
}
