package autark.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A model file on its way into the store, under a lock that keeps every other process from the
/// same file.
///
/// The bytes go to a `.part` file and through SHA-256 at once. What an earlier attempt left is kept
/// and hashed again, so [#bytes] says where to go on. The file becomes part of the store in three
/// steps, in this order: [#verify] compares size and digest, only then [#file] hands the file out
/// for a first look, and [#commit] renames it and gives it its name. Whatever fails before that
/// leaves at most the `.part` file; close keeps it for the next attempt.
public final class Incoming implements AutoCloseable {
    private final ModelStore store;
    private final ModelName name;
    private final Sha256 expected;
    private final long expectedBytes;
    private final StoreLock lock;
    private final MessageDigest digest = Hashing.newDigest();
    private @Nullable FileChannel part;
    private long bytes;
    private boolean verified;

    /// Opens the part file, unless the blob is already there.
    Incoming(ModelStore store, ModelName name, Sha256 expected, long expectedBytes, StoreLock lock)
            throws IOException {
        this.store = store;
        this.name = name;
        this.expected = expected;
        this.expectedBytes = expectedBytes;
        this.lock = lock;
        Path blob = store.layout().blob(expected);
        if (!StoreLayout.isFile(blob)) {
            openPart();
            return;
        }
        bytes = Files.size(blob);
        verified = true;
        if (bytes != expectedBytes) {
            throw new StoreException(
                    "the file with SHA-256 %s has %d bytes in the store, expected %d"
                            .formatted(expected, bytes, expectedBytes));
        }
    }

    /// Whether nothing has to be fetched, since the store has the file.
    public boolean complete() {
        return verified;
    }

    /// How many bytes of the file are here.
    public long bytes() {
        return bytes;
    }

    /// How many bytes the whole file has.
    public long expectedBytes() {
        return expectedBytes;
    }

    /// Appends all of `next`.
    ///
    /// @throws StoreException if there would be more bytes than expected, or the disk refuses
    public void write(ByteBuffer next) {
        if (next.remaining() > expectedBytes - bytes) {
            throw new StoreException(
                    "more bytes than the %d that were announced".formatted(expectedBytes));
        }
        int count = next.remaining();
        int start = next.position();
        try {
            store.disk().write(openedPart(), next, bytes);
        } catch (IOException e) {
            throw store.cannotWrite(e);
        }
        digest.update(next.position(start));
        bytes += count;
    }

    /// Forgets what is here, to begin at the first byte.
    public void restart() {
        try {
            store.disk().truncate(openedPart(), 0);
        } catch (IOException e) {
            throw store.cannotWrite(e);
        }
        digest.reset();
        bytes = 0;
    }

    /// Deletes what came in, since it is not what was wanted. A file that the store had before
    /// stays.
    public void discard() {
        if (part == null) {
            return;
        }
        try {
            part.close();
            part = null;
            verified = false;
            store.disk().delete(store.layout().part(expected));
        } catch (IOException e) {
            throw store.cannotWrite(e);
        }
    }

    /// Compares size and digest with what is expected. After a mismatch the next byte is the first.
    ///
    /// @throws StoreException if they differ
    public void verify() {
        if (verified) {
            return;
        }
        if (bytes != expectedBytes) {
            throw new StoreException(
                    "the file has %d bytes, expected %d".formatted(bytes, expectedBytes));
        }
        Sha256 found = Sha256.ofDigest(digest.digest());
        if (!found.equals(expected)) {
            restart();
            throw new StoreException(
                    "the file has SHA-256 %s, expected %s; nothing of it was kept"
                            .formatted(found, expected));
        }
        verified = true;
    }

    /// The verified file, for a look inside before it gets a name.
    public Path file() {
        if (!verified) {
            throw new IllegalStateException("not verified");
        }
        return part == null ? store.layout().blob(expected) : store.layout().part(expected);
    }

    /// Makes the verified file a model of the store. If the name means this file already, all stays
    /// as it is.
    ///
    /// @param added the time of this, for the manifest
    /// @throws StoreException if the name means another file by now, or the disk refuses
    public StoredModel commit(Origin origin, Instant added) {
        if (!verified) {
            throw new IllegalStateException("not verified");
        }
        return store.commit(
                new StoredModel(
                        name,
                        expected,
                        expectedBytes,
                        origin,
                        added,
                        store.layout().blob(expected)),
                this::moveToBlobs);
    }

    @Override
    public void close() {
        try (lock) {
            if (part != null) {
                part.close();
            }
        } catch (IOException e) {
            throw store.cannotWrite(e);
        }
    }

    private void moveToBlobs() throws IOException {
        if (part == null) {
            return;
        }
        Path path = store.layout().part(expected);
        store.disk().force(part);
        part.close();
        store.disk().makeReadOnly(path);
        store.disk().rename(path, store.layout().blob(expected));
        part = null;
    }

    private FileChannel openedPart() {
        if (part == null) {
            throw new IllegalStateException("the file is complete");
        }
        return part;
    }

    /// Opens the part file and hashes what an earlier attempt left in it.
    private void openPart() throws IOException {
        Path path = store.layout().part(expected);
        checkSpace(expectedBytes - (StoreLayout.isFile(path) ? Files.size(path) : 0));
        FileChannel file =
                store.disk()
                        .open(
                                path,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE);
        part = file;
        digest.reset();
        if (file.size() > expectedBytes) {
            store.disk().truncate(file, 0);
        }
        bytes = Hashing.update(digest, file);
    }

    private void checkSpace(long neededBytes) throws IOException {
        long freeBytes = store.disk().freeBytes(store.root());
        if (freeBytes < neededBytes) {
            throw new StoreException(
                    "%s has %d bytes free, the file needs %d: make room or set AUTARK_MODELS"
                            .formatted(store.root(), freeBytes, neededBytes));
        }
    }
}
