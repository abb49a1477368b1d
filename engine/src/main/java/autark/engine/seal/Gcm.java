package autark.engine.seal;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// AES-GCM of one message after another. Content and sealed bytes are arrays: from native memory
/// the JDK's cipher works in pieces of 512 bytes.
final class Gcm {
    static final int NONCE_BYTES = 12;

    private final Cipher cipher = newCipher();

    /// What a message is sealed with, besides the key.
    ///
    /// @param nonce never used before with this key
    /// @param additionalData what the message is bound to
    /// @param contentBytes how long the content is
    @SuppressWarnings("ArrayRecordComponent") // arguments, compared with no others
    record Message(byte[] nonce, byte[] additionalData, int contentBytes) {}

    void seal(SecretKey key, Message message, byte[] content, byte[] sealed) {
        try {
            init(Cipher.ENCRYPT_MODE, key, message);
            cipher.doFinal(content, 0, message.contentBytes(), sealed, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refuses to encrypt", e);
        }
    }

    /// Whether this is a message that was sealed so. If not, `content` holds nothing of use.
    boolean open(SecretKey key, Message message, byte[] sealed, byte[] content) {
        try {
            init(Cipher.DECRYPT_MODE, key, message);
            cipher.doFinal(sealed, 0, message.contentBytes() + Seal.TAG_BYTES, content, 0);
            return true;
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refuses to decrypt", e);
        }
    }

    private void init(int mode, SecretKey key, Message message) throws GeneralSecurityException {
        cipher.init(mode, key, new GCMParameterSpec(8 * Seal.TAG_BYTES, message.nonce()));
        cipher.updateAAD(message.additionalData());
    }

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }
}
