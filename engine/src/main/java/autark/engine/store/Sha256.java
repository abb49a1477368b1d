package autark.engine.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// A SHA-256 digest, which names a file by its content. What is not exactly 64 lower-case
/// hexadecimal digits cannot become one, and so never becomes part of a path.
///
/// @param hex 64 lower-case hexadecimal digits
public record Sha256(String hex) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    public Sha256 {
        if (!HEX.matcher(hex).matches()) {
            throw new StoreException(
                    "not a SHA-256: %s; expected 64 lower-case hexadecimal digits"
                            .formatted(Shown.of(hex)));
        }
    }

    /// The digest of all bytes of a file.
    public static Sha256 ofFile(Path file) throws IOException {
        MessageDigest digest = Hashing.newDigest();
        try (FileChannel channel = FileChannel.open(file)) {
            Hashing.update(digest, channel);
        }
        return ofDigest(digest.digest());
    }

    static Sha256 ofDigest(byte[] digest) {
        return new Sha256(HexFormat.of().formatHex(digest));
    }

    @Override
    public String toString() {
        return hex;
    }
}
