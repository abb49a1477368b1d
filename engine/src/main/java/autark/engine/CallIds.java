package autark.engine;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The names of an answer's calls: the same for the same answer, and different from those of all
/// other turns of its conversation, since each turn has another prompt.
final class CallIds {
    private static final String PREFIX = "call_";
    private static final int RANDOM_CHARS = 24;
    private static final String ALPHABET =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final byte[] origin;

    private CallIds(byte[] origin) {
        this.origin = origin;
    }

    /// @param prompt the tokens that the answer follows
    static CallIds of(long seed, int[] prompt) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + Integer.BYTES * prompt.length);
        bytes.putLong(seed);
        bytes.asIntBuffer().put(prompt);
        return new CallIds(sha256(bytes.array()));
    }

    /// @param index of the call in its answer, from 0
    String of(int index) {
        byte[] digest =
                sha256(
                        ByteBuffer.allocate(origin.length + Integer.BYTES)
                                .put(origin)
                                .putInt(index)
                                .array());
        StringBuilder id = new StringBuilder(PREFIX);
        for (int i = 0; i < RANDOM_CHARS; i++) {
            id.append(ALPHABET.charAt((digest[i] & 0xFF) % ALPHABET.length()));
        }
        return id.toString();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
