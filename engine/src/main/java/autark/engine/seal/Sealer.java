package autark.engine.seal;

import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.SecretKey;

/// Seals one file after another. For one thread at a time.
public final class Sealer {
    private final SecureRandom random = new SecureRandom();
    private final FrameCipher cipher = new FrameCipher();
    private Frames frames = new Frames(0);
    private int nextIndex = 1;

    /// Begins a file under a new salt.
    ///
    /// @param contentBytes how much will be sealed
    /// @param header receives the first [Seal#HEADER_BYTES] bytes of the file
    public void begin(SealKey key, SealedName name, long contentBytes, byte[] header) {
        frames = new Frames(contentBytes);
        nextIndex = 0;
        byte[] salt = new byte[Seal.HEADER_BYTES - Seal.MAGIC.length];
        random.nextBytes(salt);
        System.arraycopy(Seal.MAGIC, 0, header, 0, Seal.MAGIC.length);
        System.arraycopy(salt, 0, header, Seal.MAGIC.length, salt.length);
        SecretKey fileKey = key.derive("AES", salt, name.tagged(Seal.KEY_TAG));
        cipher.begin(fileKey, name.tagged(Seal.FRAME_TAG));
    }

    /// Seals the next frame: as many bytes as are left to be sealed, at most [Seal#FRAME_BYTES].
    ///
    /// @return how many bytes of `sealed` are to be written
    public int seal(byte[] content, byte[] sealed) {
        if (nextIndex >= frames.count()) {
            throw new IllegalStateException("the file is complete");
        }
        FrameCipher.Frame frame = frames.frame(nextIndex);
        nextIndex++; // in any case, so that a nonce is never used again
        cipher.seal(frame, content, sealed);
        return frame.sealedBytes();
    }

    static byte[] salt(byte[] header) {
        return Arrays.copyOfRange(header, Seal.MAGIC.length, Seal.HEADER_BYTES);
    }
}
