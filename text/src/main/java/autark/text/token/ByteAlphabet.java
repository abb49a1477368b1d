package autark.text.token;

import java.util.Arrays;

/// The alphabet of byte-level vocabularies: a visible character for each byte, so that a vocabulary
/// can be a list of texts. Visible characters of Latin-1 stand for themselves, the other 68 bytes
/// are U+0100 and following, in order. Source: the encoder of GPT-2.
final class ByteAlphabet {
    private static final int NOT_IN_ALPHABET = -1;
    private static final char[] CHARACTERS = characters();
    private static final short[] VALUES = values();

    private ByteAlphabet() {}

    private static char[] characters() {
        char[] characters = new char[256];
        char other = 0x100;
        for (int value = 0; value < 256; value++) {
            boolean visible =
                    (value >= '!' && value <= '~')
                            || (value >= 0xA1 && value <= 0xFF && value != 0xAD);
            characters[value] = visible ? (char) value : other++;
        }
        return characters;
    }

    private static short[] values() {
        short[] values = new short[0x100 + 68];
        Arrays.fill(values, (short) NOT_IN_ALPHABET);
        for (int value = 0; value < 256; value++) {
            values[CHARACTERS[value]] = (short) value;
        }
        return values;
    }

    /// Appends the characters of the bytes, as UTF-8.
    static void encode(ByteBuilder bytes, ByteBuilder target) {
        for (int i = 0; i < bytes.length; i++) {
            target.appendUtf8(CHARACTERS[bytes.bytes[i] & 0xFF]);
        }
    }

    /// The bytes that a token's text stands for. Characters outside the alphabet stand for
    /// themselves.
    static byte[] decode(String text) {
        ByteBuilder bytes = new ByteBuilder();
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int codePoint = text.codePointAt(at);
            if (codePoint < VALUES.length && VALUES[codePoint] != NOT_IN_ALPHABET) {
                bytes.append(VALUES[codePoint]);
            } else {
                bytes.appendUtf8(codePoint);
            }
        }
        return bytes.toArray();
    }
}
