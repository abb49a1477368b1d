package autark.model.file;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads little-endian values one after the other from a file and never beyond its limit.
///
/// Bytes pass through a small window on the heap: plain array reads are fast before the JIT
/// compiler has seen them, which is when a header is read. Nothing is allocated by a length that
/// the file claims, unless that many bytes are there.
final class HeaderCursor {
    private static final int WINDOW_BYTES = 1 << 13;

    private static final char REPLACEMENT = '\uFFFD';

    private final ModelPart file;
    private final long limit;
    private final String limitName;
    private final byte[] window;
    private long windowOffset;
    private int windowCount;
    private int next;

    /// @param limit offset that no read may pass
    /// @param limitName what lies at the limit, for messages
    HeaderCursor(ModelPart file, long offset, long limit, String limitName) {
        this.file = file;
        this.limit = limit;
        this.limitName = limitName;
        this.window = new byte[Math.clamp(limit - offset, 8, WINDOW_BYTES)];
        this.windowOffset = offset;
    }

    long offset() {
        return windowOffset + next;
    }

    byte int8(String what) {
        need(1, what);
        return window[next++];
    }

    short int16(String what) {
        need(Short.BYTES, what);
        int at = next;
        next = at + Short.BYTES;
        return (short) ((window[at] & 0xFF) | (window[at + 1] << 8));
    }

    int int32(String what) {
        need(Integer.BYTES, what);
        int at = next;
        next = at + Integer.BYTES;
        return int32(window, at);
    }

    long int64(String what) {
        need(Long.BYTES, what);
        int at = next;
        next = at + Long.BYTES;
        long low = int32(window, at) & 0xFFFF_FFFFL;
        return low | ((long) int32(window, at + Integer.BYTES) << Integer.SIZE);
    }

    private static int int32(byte[] bytes, int at) {
        return (bytes[at] & 0xFF)
                | ((bytes[at + 1] & 0xFF) << 8)
                | ((bytes[at + 2] & 0xFF) << 16)
                | (bytes[at + 3] << 24);
    }

    /// A number or bool, sign-extended or zero-extended by its type.
    long bits(ValueType type, String what) {
        return switch (type) {
            case UINT8 -> int8(what) & 0xFF;
            case INT8 -> int8(what);
            case UINT16 -> int16(what) & 0xFFFF;
            case INT16 -> int16(what);
            case UINT32, FLOAT32 -> int32(what) & 0xFFFF_FFFFL;
            case INT32 -> int32(what);
            case UINT64, INT64, FLOAT64 -> int64(what);
            case BOOL -> bool(what);
            case STRING, ARRAY -> throw new IllegalArgumentException(type + " has no fixed size");
        };
    }

    private int bool(String what) {
        byte value = int8(what);
        if (value != 0 && value != 1) {
            throw error(
                    offset() - 1,
                    "found %d for the bool of %s, expected 0 or 1".formatted(value & 0xFF, what));
        }
        return value;
    }

    /// A number of bytes or elements, each of at least `bytesEach`; refused if the file cannot hold
    /// so many.
    long count(long countMax, int bytesEach, String what) {
        long at = offset();
        long count = int64(what);
        if (count < 0 || count > countMax) {
            throw error(
                    at,
                    "found %s %s, expected 0 to %d"
                            .formatted(Long.toUnsignedString(count), what, countMax));
        }
        if (count > (limit - offset()) / bytesEach) {
            throw error(
                    at,
                    "found %d %s, but only %d bytes follow up to %s; the file is damaged or its "
                                    .formatted(count, what, limit - offset(), limitName)
                            + "download is incomplete");
        }
        return count;
    }

    void skip(long byteCount, String what) {
        if (byteCount > limit - offset()) {
            throw ends(byteCount, what);
        }
        if (byteCount <= windowCount - next) {
            next += (int) byteCount;
        } else {
            windowOffset = offset() + byteCount;
            windowCount = 0;
            next = 0;
        }
    }

    void skipString(String what) {
        skip(stringLength(what), what);
    }

    /// Reads a string of at most `bytesMax` bytes, which must be valid UTF-8.
    String string(int bytesMax, String what) {
        long at = offset();
        int length = stringLength(what);
        if (length > bytesMax) {
            throw error(
                    at,
                    "found %s of %d bytes, expected at most %d".formatted(what, length, bytesMax));
        }
        String text = rawString(length, what);
        if (text.indexOf(REPLACEMENT) >= 0 && !isUtf8(at + Long.BYTES, length)) {
            throw error(at, "found %s that is not valid UTF-8".formatted(what));
        }
        return text;
    }

    /// Reads a string for people: its start alone if it is long, and each byte that is not UTF-8 as
    /// U+FFFD.
    String shownString(String what) {
        int length = stringLength(what);
        int shown = Math.min(length, DisplayText.BYTES_MAX);
        String text = DisplayText.quoted(rawString(shown, what), length);
        skip(length - shown, what);
        return text;
    }

    /// Reads a string into `into` at `index` and returns its length in bytes. There is room for it,
    /// unless the file has changed since it was opened.
    int stringBytes(byte[] into, int index, String what) {
        int length = stringLength(what);
        if (length > into.length - index) {
            throw error(offset(), "found other strings in %s than before".formatted(what));
        }
        if (length > window.length) {
            System.arraycopy(copy(offset(), length), 0, into, index, length);
            skip(length, what);
        } else {
            need(length, what);
            System.arraycopy(window, next, into, index, length);
            next += length;
        }
        return length;
    }

    private int stringLength(String what) {
        long length = int64(what);
        if (length < 0 || length > limit - offset()) {
            throw ends(length, what);
        }
        return (int) length;
    }

    private String rawString(int length, String what) {
        if (length > window.length) {
            String text = new String(copy(offset(), length), StandardCharsets.UTF_8);
            skip(length, what);
            return text;
        }
        need(length, what);
        String text = new String(window, next, length, StandardCharsets.UTF_8);
        next += length;
        return text;
    }

    private boolean isUtf8(long offset, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(copy(offset, length)));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private byte[] copy(long offset, int length) {
        byte[] bytes = new byte[length];
        file.read(offset, bytes, length);
        return bytes;
    }

    private void need(int byteCount, String what) {
        if (byteCount > windowCount - next) {
            refill(byteCount, what);
        }
    }

    private void refill(int byteCount, String what) {
        long at = offset();
        if (byteCount > limit - at) {
            throw ends(byteCount, what);
        }
        windowOffset = at;
        windowCount = (int) Math.min(window.length, limit - at);
        next = 0;
        file.read(at, window, windowCount);
    }

    private ModelFormatException ends(long byteCount, String what) {
        return error(
                offset(),
                "found %d bytes up to %s, expected %s of %s bytes; the file is damaged or its "
                                .formatted(
                                        limit - offset(),
                                        limitName,
                                        what,
                                        Long.toUnsignedString(byteCount))
                        + "download is incomplete");
    }

    ModelFormatException error(long offset, String message) {
        return ModelFormatException.at(file.path(), offset, message);
    }
}
