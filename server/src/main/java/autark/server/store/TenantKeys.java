package autark.server.store;

import autark.engine.seal.KeyRing;
import autark.engine.seal.OwnerFile;
import autark.engine.seal.SealKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/// The tenants' keys: a small file each, wrapped by the root key. They lie beside the store and not
/// in it, because a file that only grows forgets nothing.
final class TenantKeys implements AutoCloseable {
    private final Path folder;
    private final KeyRing ring;
    private final Map<String, SealKey> held = new HashMap<>();

    private TenantKeys(Path folder, KeyRing ring) {
        this.folder = folder;
        this.ring = ring;
    }

    static TenantKeys open(Path folder) throws IOException {
        Path tenants = folder.resolve("tenants");
        Files.createDirectories(tenants, OwnerFile.folderAttributes(tenants));
        return new TenantKeys(tenants, KeyRing.open(folder.resolve("store.key")));
    }

    /// A name for the tenant that tells nothing without the root key.
    String publicName(String tenant) {
        return ring.folderName(tenant);
    }

    /// The tenant's key, a new one if it has none.
    ///
    /// @throws StoreException if the key was wrapped by another root key
    synchronized SealKey key(String tenant) {
        SealKey found = held.get(tenant);
        if (found == null) {
            found = read(tenant);
            held.put(tenant, found);
        }
        return found;
    }

    private SealKey read(String tenant) {
        Path file = file(tenant);
        try {
            if (!Files.exists(file)) {
                try (SealKey fresh = ring.newKey()) {
                    OwnerFile.createOnce(
                            file, ring.wrap(tenant, fresh), ring.uniqueName(), OwnerFile.Flush.YES);
                }
                flush(folder);
            }
            byte[] wrapped = OwnerFile.read(file, KeyRing.WRAPPED_BYTES);
            return ring.unwrap(tenant, wrapped)
                    .orElseThrow(() ->
                            new StoreException(
                                    "the key file %s does not open with the root key store.key: put back the one that it was made with"
                                            .formatted(file)));
        } catch (IOException e) {
            throw new StoreException(
                    "cannot read or create the key file %s: %s".formatted(file, e), e);
        }
    }

    /// Destroys the tenant's key: nothing that was sealed with it opens any more.
    synchronized void destroy(String tenant) {
        SealKey found = held.remove(tenant);
        if (found != null) {
            found.close();
        }
        Path file = file(tenant);
        try {
            if (Files.exists(file)) {
                overwrite(file);
                Files.delete(file);
                flush(folder);
            }
        } catch (IOException e) {
            throw new StoreException("cannot delete the key file %s: %s".formatted(file, e), e);
        }
    }

    private Path file(String tenant) {
        return folder.resolve(ring.folderName(tenant) + ".key");
    }

    private static void overwrite(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(KeyRing.WRAPPED_BYTES);
            while (zeros.hasRemaining()) {
                channel.write(zeros);
            }
            channel.force(true);
        }
    }

    /// Has the entries of a folder on the medium.
    static void flush(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder)) {
            channel.force(true);
        }
    }

    @Override
    public synchronized void close() {
        held.values().forEach(SealKey::close);
        held.clear();
        ring.close();
    }
}
