package autark.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 of streams.
final class Hashing {
    static final int BUFFER_BYTES = 1 << 20;

    private Hashing() {}

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// Feeds all that is left in `source` to the digest.
    ///
    /// @return how many bytes that was
    static long update(MessageDigest digest, ReadableByteChannel source) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        long bytes = 0;
        while (source.read(buffer) >= 0) {
            bytes += buffer.position();
            digest.update(buffer.flip());
            buffer.clear();
        }
        return bytes;
    }
}
