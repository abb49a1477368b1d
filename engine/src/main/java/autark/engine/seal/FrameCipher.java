package autark.engine.seal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/// Seals and opens the frames of one file after another.
final class FrameCipher {
    private static final int POSITION_BYTES = Integer.BYTES + 1;

    /// A frame's place in its file.
    ///
    /// @param index 0 for the first
    /// @param last whether the file ends with it
    /// @param contentBytes how much it holds
    record Frame(int index, boolean last, int contentBytes) {
        int sealedBytes() {
            return contentBytes + Seal.TAG_BYTES;
        }

        /// Differs from every other frame's in the same file.
        byte[] nonce() {
            byte[] nonce = new byte[Gcm.NONCE_BYTES];
            putPosition(nonce);
            return nonce;
        }

        /// Writes index and end over the last bytes of `target`.
        private void putPosition(byte[] target) {
            ByteBuffer.wrap(target)
                    .position(target.length - POSITION_BYTES)
                    .putInt(index)
                    .put((byte) (last ? 1 : 0));
        }
    }

    private final Gcm gcm = new Gcm();
    private @Nullable SecretKey key;
    private byte[] tag = {};

    /// @param key of this file alone
    /// @param tag what all frames of the file are bound to
    void begin(SecretKey key, byte[] tag) {
        this.key = key;
        this.tag = tag;
    }

    void seal(Frame frame, byte[] content, byte[] sealed) {
        gcm.seal(fileKey(), message(frame), content, sealed);
    }

    boolean open(Frame frame, byte[] sealed, byte[] content) {
        return gcm.open(fileKey(), message(frame), sealed, content);
    }

    private SecretKey fileKey() {
        return Objects.requireNonNull(key, "no file was begun");
    }

    private Gcm.Message message(Frame frame) {
        byte[] additionalData = Arrays.copyOf(tag, tag.length + POSITION_BYTES);
        frame.putPosition(additionalData);
        return new Gcm.Message(frame.nonce(), additionalData, frame.contentBytes());
    }
}
