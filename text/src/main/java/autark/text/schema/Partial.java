package autark.text.schema;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A character of a JSON string of which only some bytes are written: of its UTF-8, or of its
/// escape. Raw bytes and escapes lead to the same code points, and half of a surrogate pair leads
/// to none.
///
/// @param value the bits that are known
/// @param left how many bytes, or hexadecimal digits, are missing
/// @param aside the smallest code point that may be spelled in so many bytes; or the first half of
///   a surrogate pair, 0 if there is none
record Partial(Form form, int value, int left, int aside) {
    /// Where in a character one is.
    enum Form {
        /// Before it.
        NONE,
        /// After some bytes of UTF-8.
        BYTES,
        /// After a backslash.
        ESCAPE,
        /// After `\\u` and some digits.
        DIGITS,
        /// After the first half of a pair.
        HALF,
        /// After the first half of a pair and a backslash.
        HALF_ESCAPE
    }

    /// What a byte did.
    ///
    /// @param codePoint the character that is complete now, or one of the other constants
    record Step(int codePoint, Partial partial) {}

    /// No character is complete yet.
    static final int OPEN = -1;

    /// The byte cannot stand here.
    static final int WRONG = -2;

    /// The string is at its end.
    static final int END = -3;

    static final Partial NONE = new Partial(Form.NONE, 0, 0, 0);

    private static final Step WRONG_STEP = new Step(WRONG, NONE);
    private static final String ESCAPES = "\"\\/bfnrt";
    private static final String ESCAPED = "\"\\/\b\f\n\r\t";

    /// Printable ASCII is not written by digits: it would be valid, and nobody could read it.
    private static final int PLAIN_FIRST = ' ';

    private static final int PLAIN_LAST = '~';

    /// What an escape may stand for, as ranges.
    private static final int[] ESCAPABLE = {
        0, PLAIN_FIRST - 1, '"', '"', '/', '/', '\\', '\\', PLAIN_LAST + 1, Character.MAX_CODE_POINT
    };

    Step step(int value) {
        return switch (form) {
            case NONE -> first(value);
            case BYTES -> (value & 0xC0) == 0x80 ? further(value) : WRONG_STEP;
            case ESCAPE -> escaped(value);
            case DIGITS -> digit(value);
            case HALF ->
                    value == '\\' ? open(new Partial(Form.HALF_ESCAPE, 0, 0, aside)) : WRONG_STEP;
            case HALF_ESCAPE ->
                    value == 'u' ? open(new Partial(Form.DIGITS, 0, 4, aside)) : WRONG_STEP;
        };
    }

    private static Step open(Partial partial) {
        return partial.ranges().length == 0 ? WRONG_STEP : new Step(OPEN, partial);
    }

    private static Step first(int value) {
        if (value == '"') {
            return new Step(END, NONE);
        }
        if (value == '\\') {
            return open(new Partial(Form.ESCAPE, 0, 0, 0));
        }
        if (value < 0x80) {
            return value < ' ' ? WRONG_STEP : new Step(value, NONE);
        }
        if (value >= 0xC2 && value < 0xE0) {
            return open(new Partial(Form.BYTES, value & 0x1F, 1, 0x80));
        }
        if (value >= 0xE0 && value < 0xF0) {
            return open(new Partial(Form.BYTES, value & 0x0F, 2, 0x800));
        }
        if (value >= 0xF0 && value < 0xF5) {
            return open(new Partial(Form.BYTES, value & 0x07, 3, 0x10000));
        }
        return WRONG_STEP;
    }

    private Step further(int next) {
        int bits = value << 6 | next & 0x3F;
        if (left > 1) {
            return open(new Partial(Form.BYTES, bits, left - 1, aside));
        }
        return new Step(bits, NONE);
    }

    private static Step escaped(int value) {
        if (value == 'u') {
            return open(new Partial(Form.DIGITS, 0, 4, 0));
        }
        int index = ESCAPES.indexOf(value);
        return index < 0 ? WRONG_STEP : new Step(ESCAPED.charAt(index), NONE);
    }

    private Step digit(int next) {
        int digit = next < 0x80 ? Character.digit(next, 16) : -1;
        if (digit < 0) {
            return WRONG_STEP;
        }
        int bits = value << 4 | digit;
        if (left > 1) {
            return open(new Partial(Form.DIGITS, bits, left - 1, aside));
        }
        if (aside != 0) {
            return new Step(Character.toCodePoint((char) aside, (char) bits), NONE);
        }
        if (Character.isHighSurrogate((char) bits)) {
            return open(new Partial(Form.HALF, 0, 0, bits));
        }
        return isPlain(bits) ? WRONG_STEP : new Step(bits, NONE);
    }

    /// The code points that this may become, as firsts and lasts of ranges; surrogates are in none
    /// that holds nothing else.
    int[] ranges() {
        return switch (form) {
            case NONE -> new int[] {0, Character.MAX_CODE_POINT};
            case ESCAPE -> ESCAPABLE.clone();
            case BYTES -> {
                int low = Math.max(aside, value << 6 * left);
                int high =
                        Math.min(Character.MAX_CODE_POINT, value << 6 * left | (1 << 6 * left) - 1);
                yield low > high || isSurrogate(low) && isSurrogate(high)
                        ? new int[0]
                        : new int[] {low, high};
            }
            case DIGITS -> digitRanges();
            case HALF, HALF_ESCAPE -> pairs(aside, aside);
        };
    }

    /// Printable ASCII: what nobody needs digits for.
    private static boolean isPlain(int codePoint) {
        return codePoint >= PLAIN_FIRST && codePoint <= PLAIN_LAST;
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private static int[] pairs(int firstHigh, int lastHigh) {
        return new int[] {
            Character.toCodePoint((char) firstHigh, Character.MIN_LOW_SURROGATE),
            Character.toCodePoint((char) lastHigh, Character.MAX_LOW_SURROGATE)
        };
    }

    private int[] digitRanges() {
        int low = value << 4 * left;
        int high = low | (1 << 4 * left) - 1;
        if (aside != 0) {
            int from = Math.max(low, Character.MIN_LOW_SURROGATE);
            int to = Math.min(high, Character.MAX_LOW_SURROGATE);
            return from > to
                    ? new int[0]
                    : new int[] {
                        Character.toCodePoint((char) aside, (char) from),
                        Character.toCodePoint((char) aside, (char) to)
                    };
        }
        int firstHigh = Math.max(low, Character.MIN_HIGH_SURROGATE);
        int lastHigh = Math.min(high, Character.MAX_HIGH_SURROGATE);
        int[] pairs = firstHigh > lastHigh ? new int[0] : pairs(firstHigh, lastHigh);
        int[] ranges = new int[6];
        int count = 0;
        if (low < PLAIN_FIRST) {
            ranges[count++] = low;
            ranges[count++] = Math.min(high, PLAIN_FIRST - 1);
        }
        if (high > PLAIN_LAST && !(isSurrogate(low) && isSurrogate(high))) {
            ranges[count++] = Math.max(low, PLAIN_LAST + 1);
            ranges[count++] = high;
        }
        if (pairs.length > 0) {
            ranges[count++] = pairs[0];
            ranges[count++] = pairs[1];
        }
        return Arrays.copyOf(ranges, count);
    }

    /// What is missing to make this a code point of its ranges; in UTF-8 itself before the first
    /// byte, else the rest of its bytes or of its escape.
    byte[] rest(int codePoint) {
        byte[] utf8 = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
        return switch (form) {
            case NONE -> utf8;
            case BYTES -> Arrays.copyOfRange(utf8, utf8.length - left, utf8.length);
            case ESCAPE, DIGITS, HALF, HALF_ESCAPE -> {
                int escape = form == Form.ESCAPE ? ESCAPED.indexOf(codePoint) : -1;
                if (escape >= 0) {
                    yield new byte[] {(byte) ESCAPES.charAt(escape)};
                }
                StringBuilder whole = new StringBuilder();
                for (char half : Character.toChars(codePoint)) {
                    whole.append("\\u%04x".formatted((int) half));
                }
                yield whole.substring(written()).getBytes(StandardCharsets.UTF_8);
            }
        };
    }

    /// How many characters of the escape are written.
    private int written() {
        return switch (form) {
            case NONE, BYTES -> 0;
            case ESCAPE -> 1;
            case DIGITS -> (aside == 0 ? 2 : 8) + 4 - left;
            case HALF -> 6;
            case HALF_ESCAPE -> 7;
        };
    }
}
