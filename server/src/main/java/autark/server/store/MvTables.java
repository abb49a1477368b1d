package autark.server.store;

import autark.engine.seal.OwnerFile;
import autark.engine.seal.SealKey;
import autark.engine.seal.SealedName;
import autark.server.http.ApiException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/// Tables in one file, a tree of copied pages (H2's MVStore) whose values are sealed.
///
/// A change is in the tree first; then one of the threads that wait writes and flushes for all of
/// them, so many changes at once cost one flush. After the first error in writing or flushing
/// nothing is written any more: what the system did with the pages that it could not write, nobody
/// knows, and to flush again would only seem to succeed. Reads go on.
///
/// One process at a time has the file, by a lock of the system that ends with the process.
public final class MvTables implements Tables, AutoCloseable {
    /// Most bytes of a value.
    public static final int VALUE_BYTES_MAX = 64 << 20;

    private static final int NAME_CHARS_MAX = 512;
    private static final int CACHE_MEBIBYTES = 32;
    private static final int PAGE_BYTES = 4096;

    /// For how long the place of a page that is no longer needed is not used again: longer than a
    /// reader is on its way through the tree.
    private static final int RETENTION_MILLIS = 5_000;

    private static final int COMMITS_BETWEEN_LOOKS = 64;
    private static final long COMPACT_BYTES_MIN = 16 << 20;
    private static final int LIVE_PERCENT_MIN = 25;
    private static final int COPY_BYTES = 8 << 20;

    /// Free space of the disk that is kept for the server's own books. A disk that is full stops
    /// all writing, so what tenants keep must not fill it.
    private static final long RESERVE_BYTES = 512L << 20;

    static final MVMap.Builder<String, byte[]> MAPS =
            new MVMap.Builder<String, byte[]>().keyType(new NameType()).valueType(new ValueType());

    private static final Logger LOGGER = System.getLogger(MvTables.class.getName());

    private final Place place;
    private final TenantKeys keys;
    private final AtomicLong changes = new AtomicLong();
    private final ReentrantLock flushing = new ReentrantLock();
    private final ReentrantReadWriteLock copying = new ReentrantReadWriteLock();
    private volatile MVStore store;
    private volatile Optional<String> failure = Optional.empty();
    private long flushed; // guarded by flushing
    private int commits; // guarded by flushing
    private boolean compacts = true; // guarded by flushing

    private MvTables(Place place, TenantKeys keys, MVStore store) {
        this.place = place;
        this.keys = keys;
        this.store = store;
    }

    /// Opens the tables in a folder, which is created if it is not there.
    ///
    /// @throws StoreException if another process has them open, or the file is damaged
    public static MvTables open(Path folder) {
        return open(folder, "", RETENTION_MILLIS, RESERVE_BYTES);
    }

    /// @param scheme of H2's file system; empty for that of the machine
    /// @param reserveBytes free space that tenants leave alone
    static MvTables open(Path folder, String scheme, int retentionMillis, long reserveBytes) {
        Place place = new Place(folder.toAbsolutePath(), scheme, retentionMillis, reserveBytes);
        try {
            Files.createDirectories(folder, OwnerFile.folderAttributes(folder));
            createFile(place.file());
            MVStore store = place.open(place.file(), Mode.WRITE);
            TenantKeys keys = TenantKeys.open(folder);
            TenantKeys.flush(folder);
            return new MvTables(place, keys, store);
        } catch (IOException e) {
            throw new StoreException("cannot open the data folder %s: %s".formatted(folder, e), e);
        }
    }

    private static void createFile(Path file) throws IOException {
        try {
            Files.createFile(file, OwnerFile.fileAttributes(file));
        } catch (FileAlreadyExistsException e) {
            // opened below
        }
    }

    private enum Mode {
        READ,
        WRITE
    }

    /// A store that was closed in good order knows its last version. Without its end it would open
    /// as it once was, and bring back what was removed: keys that were revoked, say.
    private static void refuseIfShortened(MVStore store, Path file) {
        Map<String, Object> header = store.getStoreHeader();
        long last = header.containsKey("clean") ? DataUtils.readHexLong(header, "version", 0) : 0;
        if (last > store.getCurrentVersion()) {
            store.closeImmediately();
            throw new StoreException(
                    "the store %s is damaged: it ends at version %d and was closed at %d; put a backup in its place"
                            .formatted(file, store.getCurrentVersion(), last));
        }
    }

    /// Where the store lies and how it is opened.
    private record Place(Path folder, String scheme, int retentionMillis, long reserveBytes) {
        Path file() {
            return folder.resolve("store.mv");
        }

        /// @throws ApiException if the disk has no more room for what tenants keep
        void checkRoom() {
            long free = folder.toFile().getUsableSpace();
            if (free < reserveBytes) {
                throw ApiException.of(
                        ApiException.Kind.UNAVAILABLE,
                        "the disk of the server has no more room to keep this; its owner has to see to"
                                + " it");
            }
        }

        Path copy() {
            return folder.resolve("store.mv.new");
        }

        MVStore open(Path file, Mode mode) {
            OrderedFile ordered =
                    new OrderedFile(new HashMap<>(Map.of("cacheSize", CACHE_MEBIBYTES)));
            try {
                ordered.open(scheme + file, mode == Mode.READ, null);
                MVStore store =
                        new MVStore.Builder()
                                .adoptFileStore(ordered)
                                .autoCommitDisabled()
                                .autoCommitBufferSize(0)
                                .pageSplitSize(PAGE_BYTES)
                                .open();
                store.setRetentionTime(retentionMillis);
                store.setReuseSpace(false);
                refuseIfShortened(store, file);
                return store;
            } catch (MVStoreException e) {
                if (e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
                    throw new StoreException(
                            "another process has %s open: end it, or set AUTARK_DATA to another folder"
                                    .formatted(file),
                            e);
                }
                ordered.close();
                throw new StoreException(
                        "the store %s is damaged and does not open: %s; put a backup in its place"
                                .formatted(file, e.getMessage()),
                        e);
            }
        }
    }

    @Override
    public Table table(String kind, String tenant) {
        Tables.checkKind(kind);
        return new MvTable(kind, tenant, mapName(kind, tenant));
    }

    private String mapName(String kind, String tenant) {
        return kind + "." + keys.publicName(tenant);
    }

    /// Destroys the key of a tenant, and with it all that the tenant keeps: what is left in the
    /// file, and in copies of it, does not open any more.
    public void erase(String tenant) {
        keys.destroy(tenant);
        String suffix = "." + keys.publicName(tenant);
        change(current -> {
            for (String name : current.getMapNames()) {
                if (name.endsWith(suffix)) {
                    current.removeMap(name);
                }
            }
            return true;
        });
    }

    /// Why nothing is written any more; empty if all is well.
    public Optional<String> failure() {
        return failure;
    }

    /// Makes a change, and returns when it is on the medium.
    private <T> T change(Function<MVStore, T> work) {
        refuseIfFailed();
        T result;
        copying.readLock().lock();
        try {
            result = work.apply(store);
        } catch (MVStoreException e) {
            refuseIfFailed(); // the file was closed because of a failure
            throw new StoreException("the store cannot be read: " + e.getMessage(), e);
        } finally {
            copying.readLock().unlock();
        }
        long mine = changes.incrementAndGet();
        flushing.lock();
        try {
            if (flushed < mine) {
                refuseIfFailed();
                long all = changes.get();
                flush();
                flushed = all;
                commits++;
                if (compacts && commits % COMMITS_BETWEEN_LOOKS == 0) {
                    compact();
                }
            }
        } finally {
            flushing.unlock();
        }
        return result;
    }

    private void flush() {
        try {
            while (store.hasUnsavedChanges()) {
                store.commit();
            }
            store.sync(); // the header of the file is written behind the chunk
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void fail(RuntimeException cause) {
        String reason =
                "the store takes no more changes, because writing %s failed: %s. What is there can be read; see to the disk and start again"
                        .formatted(place.file(), cause.getMessage());
        failure = Optional.of(reason);
        if (store.isClosed() || store.getPanicException() != null) {
            store.closeImmediately();
            store = place.open(place.file(), Mode.READ);
        }
        throw new StoreException(reason, cause);
    }

    /// Copies what is alive into a new file, which takes the place of the old one, if most of the
    /// file is dead. Space within the file is never used again: only at the end of a file is it
    /// sure that a write that the power interrupts harms nothing else.
    private void compact() {
        FileStore<?> chunks = store.getFileStore();
        int livePercent = chunks.getFillRate() * chunks.getChunksFillRate() / 100;
        if (chunks.size() < COMPACT_BYTES_MIN || livePercent >= LIVE_PERCENT_MIN) {
            return;
        }
        copying.writeLock().lock();
        try {
            Files.deleteIfExists(place.copy());
            createFile(place.copy());
            MVStore copy = place.open(place.copy(), Mode.WRITE);
            try {
                copyMaps(store, copy);
                Files.move(place.copy(), place.file(), StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException | RuntimeException e) {
                copy.closeImmediately();
                throw e;
            }
            MVStore old = store;
            store = copy;
            old.closeImmediately();
            TenantKeys.flush(place.folder());
        } catch (IOException | RuntimeException e) {
            compacts = false; // until the next start; the file that is there stays in use
            LOGGER.log(Level.WARNING, "the store is not made smaller: {0}", e.getMessage());
        } finally {
            copying.writeLock().unlock();
        }
    }

    private static void copyMaps(MVStore from, MVStore to) {
        for (String name : from.getMapNames()) {
            MVMap<String, byte[]> target = to.openMap(name, MAPS);
            Cursor<String, byte[]> cursor = from.openMap(name, MAPS).cursor(null);
            while (cursor.hasNext()) {
                String key = cursor.next();
                target.put(key, cursor.getValue());
                if (to.getUnsavedMemory() > COPY_BYTES) {
                    to.commit();
                }
            }
        }
        to.commit();
        to.sync();
    }

    private void refuseIfFailed() {
        failure.ifPresent(reason -> {
            throw new StoreException(reason);
        });
    }

    /// Reads, once more if another file took the place of the one that was read.
    private <T> T read(String what, Function<MVStore, T> work) {
        MVStore before = store;
        try {
            return work.apply(before);
        } catch (MVStoreException e) {
            if (store != before) {
                return read(what, work);
            }
            throw new StoreException(
                    "%s cannot be read, its place in the store is damaged: %s"
                            .formatted(what, e.getMessage()),
                    e);
        }
    }

    @Override
    public void close() {
        flushing.lock();
        try {
            if (failure.isPresent()) {
                store.closeImmediately();
            } else {
                store.close();
            }
        } finally {
            flushing.unlock();
            keys.close();
        }
    }

    private final class MvTable implements Table {
        private final String kind;
        private final String tenant;
        private final String mapName;

        MvTable(String kind, String tenant, String mapName) {
            this.kind = kind;
            this.tenant = tenant;
            this.mapName = mapName;
        }

        private MVMap<String, byte[]> map(MVStore current) {
            return current.openMap(mapName, MAPS);
        }

        private SealKey key() {
            return keys.key(tenant);
        }

        private SealedName sealedName(String name) {
            return new SealedName(tenant, kind + "/" + name);
        }

        @Override
        public Optional<byte[]> get(String name) {
            String what = "the record %s of %s".formatted(name, kind);
            Optional<byte[]> sealed =
                    read(
                            what,
                            current ->
                                    current.hasMap(mapName)
                                            ? Optional.ofNullable(map(current).get(name))
                                            : Optional.empty());
            return sealed.map(bytes ->
                    Sealed.open(key(), sealedName(name), bytes)
                            .orElseThrow(() ->
                                    new StoreException(
                                            what
                                                    + " is damaged: it is not what was stored under this name")));
        }

        @Override
        public void put(String name, byte[] value) {
            if (name.isEmpty() || name.length() > NAME_CHARS_MAX) {
                throw new IllegalArgumentException(
                        "a name of %d characters, expected 1 to %d"
                                .formatted(name.length(), NAME_CHARS_MAX));
            }
            if (value.length > VALUE_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "a value of %d bytes, expected at most %d"
                                .formatted(value.length, VALUE_BYTES_MAX));
            }
            if (!tenant.isEmpty()) {
                place.checkRoom();
            }
            byte[] sealed = Sealed.seal(key(), sealedName(name), value);
            change(current -> Optional.ofNullable(map(current).put(name, sealed)));
        }

        @Override
        public boolean remove(String name) {
            return change(current ->
                    current.hasMap(mapName)
                            && Optional.ofNullable(map(current).remove(name)).isPresent());
        }

        @Override
        public List<String> names() {
            return read(
                    "the table " + kind,
                    current -> {
                        List<String> names = new ArrayList<>();
                        if (current.hasMap(mapName)) {
                            map(current).keyIterator(null).forEachRemaining(names::add);
                        }
                        return List.copyOf(names);
                    });
        }
    }
}
