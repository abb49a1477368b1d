package autark.text.token;

import java.util.Arrays;

/// Bytes that grow at the end; for one thread.
final class ByteBuilder {
    byte[] bytes = new byte[64];
    int length;

    void clear() {
        length = 0;
    }

    /// The last byte, 0 to 255; there must be one.
    int last() {
        return bytes[length - 1] & 0xFF;
    }

    void append(int value) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, length * 2);
        }
        bytes[length++] = (byte) value;
    }

    void append(byte[] source, int from, int to) {
        int count = to - from;
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    /// Appends the UTF-8 form of a code point.
    void appendUtf8(int codePoint) {
        if (codePoint < 0x80) {
            append(codePoint);
        } else if (codePoint < 0x800) {
            append(0xC0 | (codePoint >> 6));
            append(0x80 | (codePoint & 0x3F));
        } else if (codePoint < 0x10000) {
            append(0xE0 | (codePoint >> 12));
            append(0x80 | ((codePoint >> 6) & 0x3F));
            append(0x80 | (codePoint & 0x3F));
        } else {
            append(0xF0 | (codePoint >> 18));
            append(0x80 | ((codePoint >> 12) & 0x3F));
            append(0x80 | ((codePoint >> 6) & 0x3F));
            append(0x80 | (codePoint & 0x3F));
        }
    }

    /// Appends the UTF-8 form of `text[from, to)`, which must be well-formed.
    void appendUtf8(String text, int from, int to) {
        for (int at = from; at < to; at++) {
            char unit = text.charAt(at);
            if (Character.isHighSurrogate(unit)) {
                appendUtf8(Character.toCodePoint(unit, text.charAt(++at)));
            } else {
                appendUtf8(unit);
            }
        }
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }
}
