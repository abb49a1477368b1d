package autark.engine.seal;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/// AES-256-GCM over the frames of one file after another. Content and sealed bytes are arrays: from
/// native memory the JDK's cipher works in pieces of 512 bytes.
final class FrameCipher {
    private static final int NONCE_BYTES = 12;
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
            byte[] nonce = new byte[NONCE_BYTES];
            putPosition(ByteBuffer.wrap(nonce).position(NONCE_BYTES - POSITION_BYTES));
            return nonce;
        }

        void putPosition(ByteBuffer target) {
            target.putInt(index).put((byte) (last ? 1 : 0));
        }
    }

    private final Cipher cipher = newCipher();
    private @Nullable SecretKey key;
    private byte[] additionalData = {};

    /// @param key of this file alone
    /// @param tag what all frames of the file are bound to
    void begin(SecretKey key, byte[] tag) {
        this.key = key;
        additionalData = Arrays.copyOf(tag, tag.length + POSITION_BYTES);
    }

    void seal(Frame frame, byte[] content, byte[] sealed) {
        try {
            init(Cipher.ENCRYPT_MODE, frame);
            cipher.doFinal(content, 0, frame.contentBytes(), sealed, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refuses to encrypt", e);
        }
    }

    /// Whether this is the frame that was sealed at this place. If not, `content` holds nothing of
    /// use.
    boolean open(Frame frame, byte[] sealed, byte[] content) {
        try {
            init(Cipher.DECRYPT_MODE, frame);
            cipher.doFinal(sealed, 0, frame.sealedBytes(), content, 0);
            return true;
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refuses to decrypt", e);
        }
    }

    private void init(int mode, Frame frame) throws GeneralSecurityException {
        ByteBuffer data = ByteBuffer.wrap(additionalData);
        frame.putPosition(data.position(additionalData.length - POSITION_BYTES));
        cipher.init(mode, key, new GCMParameterSpec(8 * Seal.TAG_BYTES, frame.nonce()));
        cipher.updateAAD(additionalData);
    }

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }
}
