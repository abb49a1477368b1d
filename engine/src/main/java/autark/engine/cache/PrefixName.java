package autark.engine.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// What names the keys and values behind a beginning: a SHA-256 over all that they depend on, each
/// field with its length before it, so that no two lists of fields are the same bytes.
///
/// @param hex 64 lower-case hexadecimal digits
public record PrefixName(String hex) {
    private static final String ROOT_TAG = "autark.prefix.root.1";
    private static final String PAGE_TAG = "autark.prefix.page.1";

    /// Turns fields into a name; tests have one whose names collide.
    @FunctionalInterface
    public interface Hash {
        PrefixName of(List<byte[]> fields);
    }

    /// The name of the fields by SHA-256.
    public static PrefixName sha256(List<byte[]> fields) {
        MessageDigest digest = digest();
        for (byte[] field : fields) {
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, field.length));
            digest.update(field);
        }
        return new PrefixName(HexFormat.of().formatHex(digest.digest()));
    }

    /// The name of the empty beginning.
    ///
    /// @param source what else keys and values depend on: model, adapter, their type, context
    static PrefixName root(Hash hash, List<String> source, String tenant) {
        List<byte[]> fields = new ArrayList<>();
        fields.add(bytes(ROOT_TAG));
        source.forEach(field -> fields.add(bytes(field)));
        fields.add(bytes(tenant));
        return hash.of(fields);
    }

    /// The name of a beginning that is longer by the tokens of a page.
    PrefixName with(Hash hash, int[] tokens) {
        ByteBuffer ids = ByteBuffer.allocate(Integer.BYTES * tokens.length);
        ids.asIntBuffer().put(tokens);
        return hash.of(List.of(bytes(PAGE_TAG), bytes(hex), ids.array()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
