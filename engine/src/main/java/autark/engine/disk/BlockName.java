package autark.engine.disk;

import autark.engine.store.Sha256;
import java.nio.charset.StandardCharsets;

/// What names a block of keys and values.
///
/// @param tenant whose it is; no other tenant can read it, even with the same hash
/// @param hash of all that the block's bytes depend on: model, options, and the tokens up to its
///   end
public record BlockName(String tenant, Sha256 hash) {
    /// Most characters of a tenant's name.
    public static final int TENANT_CHARS_MAX = 256;

    public BlockName {
        if (tenant.length() > TENANT_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "a tenant's name of %d characters, expected at most %d"
                            .formatted(tenant.length(), TENANT_CHARS_MAX));
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(tenant)) {
            throw new IllegalArgumentException("a tenant's name with half a surrogate pair");
        }
    }
}
