package autark.engine.store;

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

    static Sha256 ofDigest(byte[] digest) {
        return new Sha256(HexFormat.of().formatHex(digest));
    }

    @Override
    public String toString() {
        return hex;
    }
}
