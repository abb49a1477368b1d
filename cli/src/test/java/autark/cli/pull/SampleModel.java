package autark.cli.pull;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/// The smallest file that opens as a model: an architecture, a licence and one tensor of random
/// weights.
public final class SampleModel {
    private static final int WEIGHTS = 1 << 16;
    private static final int ALIGNMENT = 32;

    private SampleModel() {}

    /// The file; the same seed gives the same bytes.
    public static byte[] bytes(long seed) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        putInt(file, 3);
        putLong(file, 1);
        putLong(file, 2);
        putText(file, "general.architecture", "llama");
        putText(file, "general.license", "mit");
        putString(file, "weights");
        putInt(file, 1);
        putLong(file, WEIGHTS);
        putInt(file, 0);
        putLong(file, 0);
        file.writeBytes(new byte[(ALIGNMENT - file.size() % ALIGNMENT) % ALIGNMENT]);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < WEIGHTS; i++) {
            putInt(file, Float.floatToIntBits((float) random.nextDouble()));
        }
        return file.toByteArray();
    }

    /// The digest of some bytes, in hexadecimal digits.
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void putText(ByteArrayOutputStream file, String key, String value) {
        putString(file, key);
        putInt(file, 8);
        putString(file, value);
    }

    private static void putString(ByteArrayOutputStream file, String text) {
        putLong(file, text.length());
        file.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void putInt(ByteArrayOutputStream file, int value) {
        file.writeBytes(
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }

    private static void putLong(ByteArrayOutputStream file, long value) {
        file.writeBytes(
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }
}
