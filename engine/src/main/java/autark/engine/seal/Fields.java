package autark.engine.seal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Several fields as one row of bytes. Each has its length in front, so that no two lists of fields
/// give the same bytes.
final class Fields {
    private Fields() {}

    /// The text in UTF-8, which no other text has.
    ///
    /// @throws IllegalArgumentException if the text is no Unicode: it has half a surrogate pair
    static byte[] utf8(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a name with half a surrogate pair", e);
        }
    }

    /// @param tag what the bytes are for; it keeps one purpose from another
    static byte[] of(String tag, byte[]... fields) {
        byte[] tagBytes = utf8(tag);
        int size = Integer.BYTES + tagBytes.length;
        for (byte[] field : fields) {
            size += Integer.BYTES + field.length;
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        all.putInt(tagBytes.length).put(tagBytes);
        for (byte[] field : fields) {
            all.putInt(field.length).put(field);
        }
        return all.array();
    }
}
