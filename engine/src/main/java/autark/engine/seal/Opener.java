package autark.engine.seal;

import java.util.Arrays;
import java.util.Optional;
import javax.crypto.SecretKey;

/// Opens one sealed file after another. For one thread at a time.
public final class Opener {
    private final FrameCipher cipher = new FrameCipher();
    private Frames frames = new Frames(0);
    private int nextIndex = 1;

    /// Begins a file.
    ///
    /// @param sealedBytes how many bytes the file has
    /// @param header its first [Seal#HEADER_BYTES] bytes
    /// @return whether it may be a sealed file: size, magic and version fit
    /// @throws KeyClosedException if the key is closed
    public boolean begin(SealKey key, SealedName name, long sealedBytes, byte[] header) {
        Optional<Frames> found = Frames.ofSealed(sealedBytes);
        boolean known =
                Arrays.equals(header, 0, Seal.MAGIC.length, Seal.MAGIC, 0, Seal.MAGIC.length);
        if (found.isEmpty() || !known) {
            return false;
        }
        frames = found.get();
        nextIndex = 0;
        SecretKey fileKey = key.derive("AES", Sealer.salt(header), name.tagged(Seal.KEY_TAG));
        cipher.begin(fileKey, name.tagged(Seal.FRAME_TAG));
        return true;
    }

    /// How many bytes of content the file has, if all of it opens.
    public long contentBytes() {
        return frames.contentBytes();
    }

    /// How many frames the file has.
    public int frameCount() {
        return frames.count();
    }

    /// How many bytes of the file the next frame takes.
    public int sealedFrameBytes() {
        return next().sealedBytes();
    }

    /// How many bytes of content the next frame holds.
    public int frameBytes() {
        return next().contentBytes();
    }

    /// Opens the next frame.
    ///
    /// @return whether it is what was sealed; if not, `content` holds nothing of use, and neither
    ///   does the rest of the file
    public boolean open(byte[] sealed, byte[] content) {
        FrameCipher.Frame frame = next();
        nextIndex++;
        return cipher.open(frame, sealed, content);
    }

    private FrameCipher.Frame next() {
        if (nextIndex >= frames.count()) {
            throw new IllegalStateException("the file is complete");
        }
        return frames.frame(nextIndex);
    }
}
