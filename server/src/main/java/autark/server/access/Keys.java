package autark.server.access;

import autark.engine.Json;
import autark.server.http.Fields;
import autark.server.store.StoreException;
import autark.server.store.Table;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/// The keys of the server. A key is `ak-`, a public name, `-`, and 256 random bits as hexadecimal
/// digits. It is shown once; what is stored is its SHA-256: random bits cannot be guessed, so a
/// slow hash would only slow the server.
///
/// Keys that were revoked or have expired stay in the list: once there was a key the server asks
/// for keys, and does not open because the last one was taken away. Any thread may use it.
public final class Keys {
    private static final Logger LOGGER = System.getLogger(Keys.class.getName());
    private static final String PREFIX = "ak-";
    private static final int ID_BYTES = 8;
    private static final int SECRET_BYTES = 32;
    private static final int ID_END = PREFIX.length() + 2 * ID_BYTES;
    private static final int COUNT_MAX = 100_000;

    private final Table table;
    private final SecureRandom random;
    private final Clock clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /// Stands for whoever is not known; no token has its hash.
    private final Known nobody;

    @SuppressWarnings("ArrayRecordComponent") // compared by MessageDigest alone
    private record Known(Optional<ApiKey> key, byte[] sha256) {}

    /// A key that was just made.
    ///
    /// @param token the whole key, with its secret
    public record Created(ApiKey key, String token) {}

    Keys(Table table, SecureRandom random, Clock clock) {
        this.table = table;
        this.random = random;
        this.clock = clock;
        this.nobody = new Known(Optional.empty(), draw(SECRET_BYTES));
        for (String id : table.names()) {
            known.put(id, read(id));
        }
    }

    /// Makes a key.
    public Created create(ApiKey.Grant grant) {
        if (known.size() >= COUNT_MAX) {
            throw new BooksException(
                    "there are %d keys, the most there can be".formatted(COUNT_MAX));
        }
        String id = HexFormat.of().formatHex(draw(ID_BYTES));
        String token = PREFIX + id + "-" + HexFormat.of().formatHex(draw(SECRET_BYTES));
        ApiKey key = new ApiKey(id, grant, clock.instant(), Optional.empty());
        store(new Known(Optional.of(key), sha256(token)), key);
        return new Created(key, token);
    }

    /// Makes a key good for nothing.
    ///
    /// @return the key; empty if there is none with this public name
    public synchronized Optional<ApiKey> revoke(String id) {
        Known found = known.getOrDefault(id, nobody);
        if (found.key().isEmpty() || found.key().get().revoked().isPresent()) {
            return found.key();
        }
        ApiKey revoked = found.key().get().withRevoked(clock.instant());
        known.put(
                id,
                new Known(Optional.of(revoked), found.sha256())); // at once, whatever the disk does
        store(new Known(Optional.of(revoked), found.sha256()), revoked);
        return Optional.of(revoked);
    }

    /// All keys, the oldest first.
    public List<ApiKey> list() {
        return known.values().stream()
                .flatMap(one -> one.key().stream())
                .sorted(Comparator.comparing(ApiKey::created).thenComparing(ApiKey::id))
                .toList();
    }

    /// Whether there ever was a key.
    public boolean exist() {
        return !known.isEmpty();
    }

    /// The key that a token is; it may be revoked or have expired. The work is the same for a token
    /// whose public name nobody knows.
    Optional<ApiKey> find(String token) {
        String id = token.length() > ID_END ? token.substring(PREFIX.length(), ID_END) : "";
        Known found = known.getOrDefault(id, nobody);
        return MessageDigest.isEqual(found.sha256(), sha256(token))
                ? found.key()
                : Optional.empty();
    }

    /// The key with a public name.
    Optional<ApiKey> named(String id) {
        return known.getOrDefault(id, nobody).key();
    }

    private void store(Known one, ApiKey key) {
        ObjectNode object = key.addTo(Json.mapper().createObjectNode());
        object.put("sha256", HexFormat.of().formatHex(one.sha256()));
        table.put(key.id(), object.toString().getBytes(StandardCharsets.UTF_8));
        known.put(key.id(), one);
    }

    /// What is stored of a key. One that is damaged opens nothing, and still is a key: that it was
    /// the only one must not open the server.
    private Known read(String id) {
        try {
            Fields fields = Fields.of(table.get(id).orElseThrow());
            byte[] sha256 = HexFormat.of().parseHex(fields.requiredText("sha256"));
            return new Known(Optional.of(ApiKey.of(fields)), sha256);
        } catch (StoreException e) {
            LOGGER.log(Level.ERROR, "the key {0} opens nothing: {1}", id, e.getMessage());
            return nobody;
        }
    }

    private byte[] draw(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
