package autark.engine.seal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A key of 256 bits, from which other keys are derived; it encrypts nothing itself.
///
/// Its bytes lie outside the heap and are zeroed by close. That is an effort, no promise: the keys
/// that are derived from it live on the heap for as long as a file is read or written.
public final class SealKey implements AutoCloseable {
    static final int BYTES = 32;

    private final MemorySegment bytes = Arena.ofAuto().allocate(BYTES);
    private boolean closed;

    private SealKey() {}

    static SealKey random(SecureRandom random) {
        byte[] drawn = new byte[BYTES];
        random.nextBytes(drawn);
        return take(drawn);
    }

    /// The key with these bytes, which are zeroed.
    static SealKey take(byte[] source) {
        if (source.length != BYTES) {
            throw new IllegalArgumentException("a key has %d bytes".formatted(BYTES));
        }
        SealKey key = new SealKey();
        MemorySegment.copy(source, 0, key.bytes, ValueLayout.JAVA_BYTE, 0, BYTES);
        Arrays.fill(source, (byte) 0);
        return key;
    }

    /// HKDF-SHA256 of this key.
    ///
    /// @throws KeyClosedException if the key is closed
    SecretKey derive(String algorithm, byte[] salt, byte[] info) {
        byte[] material = copy();
        try {
            byte[] derived = hkdf(material, salt, info, BYTES);
            SecretKey key = new SecretKeySpec(derived, algorithm);
            Arrays.fill(derived, (byte) 0);
            return key;
        } finally {
            Arrays.fill(material, (byte) 0);
        }
    }

    static byte[] hkdf(byte[] material, byte[] salt, byte[] info, int outputBytes) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(material)
                                    .addSalt(salt)
                                    .thenExpand(info, outputBytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java 25 has HKDF-SHA256", e);
        }
    }

    /// The bytes of this key, for a caller that zeroes them.
    synchronized byte[] copy() {
        if (closed) {
            throw new KeyClosedException();
        }
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public synchronized void close() {
        closed = true;
        bytes.fill((byte) 0);
    }
}
