package autark.engine.seal;

import java.security.SecureRandom;

/// The format of a sealed file: streaming authenticated encryption, in the manner of Tink and age.
///
/// ```
/// header    8 bytes: magic and version; 32 bytes: salt
/// frames    65,536 bytes of content each, the last one 1 to 65,536 (or 0, if it is the only one),
///           encrypted; 16 bytes: tag
/// ```
///
/// Each file has its own key: HKDF-SHA256 of the tenant's key, with a salt of 256 random bits and
/// the name of the file as context. So nothing ever has to be unique beyond one file, where the
/// frame's index is the nonce: a nonce repeats only if a salt does. There is no way to choose a
/// salt, and whoever writes a file anew begins with a new one.
///
/// A frame is AES-256-GCM. Its nonce and its additional data tell its index and whether it is the
/// last one; the additional data tell format, tenant and name, too. A frame that was changed,
/// moved, left out, or taken from another file does not open, nor does a file whose end was cut.
/// What opens, opens with the bytes that were sealed, to the last one.
///
/// What this does not see: a file that was replaced by an older one of the same name and key.
public final class Seal {
    /// Bytes of content in each frame but the last.
    public static final int FRAME_BYTES = 64 << 10;

    /// Bytes that a frame needs more than its content.
    public static final int TAG_BYTES = 16;

    /// Bytes before the first frame.
    public static final int HEADER_BYTES = 40;

    /// Most bytes of content of a file.
    public static final long CONTENT_BYTES_MAX = 1L << 36;

    static final byte[] MAGIC = {'a', 'u', 't', 'k', 's', 'e', 'a', 1};
    static final String FRAME_TAG = "autark sealed file 1: frame";
    static final String KEY_TAG = "autark sealed file 1: key";

    /// HotSpot compiles a method in full after 5,000 calls, and only then uses the processor's AES
    /// instructions.
    private static final int WARM_UP_ROUNDS = 6_000;

    /// Enough for SHA-256, from which keys are derived, to be compiled in part.
    private static final int WARM_UP_KEYS = 200;

    /// The shortest text that takes the same way through the cipher as a whole frame.
    private static final int WARM_UP_BYTES = 512;

    private Seal() {}

    /// How many bytes a file has that holds so many bytes of content.
    public static long sealedBytes(long contentBytes) {
        return HEADER_BYTES + contentBytes + (long) Frames.count(contentBytes) * TAG_BYTES;
    }

    /// Has the cipher compiled, so that the first file opens at full speed: a fifth of a second of
    /// one core, well spent on a thread of its own while a model loads.
    public static void warmUp() {
        SealedName name = new SealedName("", "");
        FrameCipher cipher = new FrameCipher();
        try (SealKey key = SealKey.random(new SecureRandom())) {
            for (int i = 0; i < WARM_UP_KEYS; i++) {
                cipher.begin(
                        key.derive("AES", MAGIC, name.tagged(KEY_TAG)), name.tagged(FRAME_TAG));
            }
        }
        byte[] content = new byte[WARM_UP_BYTES];
        byte[] sealed = new byte[WARM_UP_BYTES + TAG_BYTES];
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            cipher.seal(new FrameCipher.Frame(i, false, WARM_UP_BYTES), content, sealed);
            cipher.open(new FrameCipher.Frame(i, false, WARM_UP_BYTES), sealed, content);
        }
    }
}
