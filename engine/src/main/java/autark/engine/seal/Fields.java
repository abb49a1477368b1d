package autark.engine.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Several fields as one row of bytes. Each has its length in front, so that no two lists of fields
/// give the same bytes.
final class Fields {
    private Fields() {}

    /// @param tag what the bytes are for; it keeps one purpose from another
    static byte[] of(String tag, byte[]... fields) {
        byte[] tagBytes = tag.getBytes(StandardCharsets.UTF_8);
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
