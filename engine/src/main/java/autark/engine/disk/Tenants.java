package autark.engine.disk;

import autark.engine.seal.KeyRing;
import autark.engine.seal.SealKey;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;

/// The tenants' keys: on disk as wrapped by the root key, in memory as they are used.
///
/// Another process may erase a tenant and give it a new key. So a writer compares what it holds
/// with the disk before each block, and a reader does so before it calls a block damaged.
final class Tenants implements AutoCloseable {
    /// Most keys that are held in memory.
    private static final int HELD_MAX = 1024;

    /// A new key may meet another process that creates or destroys one at the same time.
    private static final int CREATE_ATTEMPTS = 4;

    @SuppressWarnings("ArrayRecordComponent") // compared by its bytes where it is compared
    private record Held(byte[] wrapped, SealKey key) {}

    private final BlockFiles files;
    private final KeyRing ring;

    private final LinkedHashMap<String, Held> held = new LinkedHashMap<>(16, 0.75f, true);

    Tenants(BlockFiles files, KeyRing ring) {
        this.files = files;
        this.ring = ring;
    }

    /// The key in memory, else the one on disk; empty if there is none that opens.
    Optional<SealKey> forReading(String tenant) throws IOException {
        synchronized (this) {
            Held found = held.get(tenant);
            if (found != null) {
                return Optional.of(found.key());
            }
        }
        return fromDisk(tenant);
    }

    /// The key on disk; empty if there is none that opens.
    Optional<SealKey> fromDisk(String tenant) throws IOException {
        Optional<byte[]> wrapped = wrapped(tenant);
        synchronized (this) {
            if (wrapped.isPresent()) {
                return unwrapped(tenant, wrapped.get());
            }
            held.remove(tenant); // not closed: somebody may be reading with it
            return Optional.empty();
        }
    }

    /// The key on disk; a new one if there is none that opens. The tenant's folder exists.
    ///
    /// @throws NoSuchFileException if other processes erase the tenant again and again
    SealKey forWriting(String tenant) throws IOException {
        String folder = ring.folderName(tenant);
        for (int attempt = 0; attempt < CREATE_ATTEMPTS; attempt++) {
            Optional<byte[]> wrapped = wrapped(tenant);
            if (wrapped.isPresent()) {
                Optional<SealKey> key = unwrapped(tenant, wrapped.get());
                if (key.isPresent()) {
                    return key.get();
                }
                files.delete(files.key(folder)); // of another root key, or damaged
            }
            try (SealKey fresh = ring.newKey()) {
                files.createKey(folder, ring.wrap(tenant, fresh), ring.uniqueName());
            }
        }
        throw new NoSuchFileException(
                files.key(folder).toString(), null, "others delete it as soon as it is written");
    }

    /// The key in memory, if it is the one that was wrapped so; else what the ring makes of it.
    private synchronized Optional<SealKey> unwrapped(String tenant, byte[] wrapped) {
        Held found = held.get(tenant);
        if (found != null && Arrays.equals(found.wrapped(), wrapped)) {
            return Optional.of(found.key());
        }
        held.remove(tenant); // not closed: somebody may be reading with it
        Optional<SealKey> key = ring.unwrap(tenant, wrapped);
        key.ifPresent(k -> held.put(tenant, new Held(wrapped, k)));
        if (held.size() > HELD_MAX) {
            held.pollFirstEntry();
        }
        return key;
    }

    private Optional<byte[]> wrapped(String tenant) throws IOException {
        try {
            return Optional.of(files.readKey(ring.folderName(tenant), KeyRing.WRAPPED_BYTES));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /// Zeroes the key in memory.
    synchronized void forget(String tenant) {
        Held found = held.remove(tenant);
        if (found != null) {
            found.key().close();
        }
    }

    @Override
    public synchronized void close() {
        held.values().forEach(found -> found.key().close());
        held.clear();
    }
}
