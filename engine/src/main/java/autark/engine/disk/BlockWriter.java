package autark.engine.disk;

import autark.engine.seal.KeyRing;
import autark.engine.seal.Seal;
import autark.engine.seal.SealKey;
import autark.engine.seal.SealedName;
import autark.engine.seal.Sealer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Changes the folder: writes blocks, deletes the oldest, lists what other processes did, erases
/// tenants. One thread writes; a lock keeps erasing and writing apart.
///
/// After the first error nothing more is written: a disk that is full or failing does not become
/// better by being asked again for every block. What is there can still be read.
final class BlockWriter implements Runnable {
    /// Other processes' blocks are looked for at most this often.
    static final long LISTING_MILLIS = 5_000;

    /// Most tenants that have a folder; while all of them have blocks, those of further ones are
    /// not kept.
    static final int TENANTS_MAX = 1024;

    private final BlockFiles files;
    private final BlockIndex index;
    private final KeyRing ring;
    private final Tenants tenants;
    private final InstantSource clock;
    private final long capBytes;
    private final System.Logger log;

    private final WriteQueue queue = new WriteQueue();
    private final ReentrantLock disk = new ReentrantLock();
    private final FolderListing listing;
    private final Sealer sealer = new Sealer();
    private final byte[] header = new byte[Seal.HEADER_BYTES];
    private final byte[] sealed = new byte[Seal.FRAME_BYTES + Seal.TAG_BYTES];
    private final LongAdder written = new LongAdder();
    private volatile long listedMillis;
    private volatile boolean writing = true;

    BlockWriter(
            BlockStore.Surroundings surroundings, BlockIndex index, KeyRing ring, Tenants tenants) {
        this.index = index;
        this.ring = ring;
        this.tenants = tenants;
        files = surroundings.files();
        clock = surroundings.clock();
        capBytes = surroundings.capBytes();
        log = surroundings.log();
        listing = new FolderListing(files, index);
    }

    WriteQueue queue() {
        return queue;
    }

    boolean writing() {
        return writing;
    }

    long written() {
        return written.sum();
    }

    /// Asks for a listing, unless the last one is recent.
    void wishListing() {
        if (listingDue()) {
            queue.wishListing();
        }
    }

    /// Lists the folder, whenever that was done last.
    void list() throws IOException {
        disk.lock();
        try {
            long now = clock.millis();
            listing.refresh(now);
            listedMillis = now;
        } finally {
            disk.unlock();
        }
    }

    @Override
    public void run() {
        while (queue.awaitWork()) {
            try {
                if (queue.takeListingWish()) {
                    listQuietly();
                }
                writeNext();
            } finally {
                queue.rest();
            }
        }
    }

    /// Destroys the tenant's key, then all his files, those that are being written by other
    /// processes too.
    void erase(String tenant) throws IOException {
        disk.lock();
        try {
            queue.removeTenant(tenant).forEach(queue::done);
            remove(ring.folderName(tenant));
            tenants.forget(tenant);
        } finally {
            disk.unlock();
        }
    }

    /// The key first, so that what follows may fail or not.
    private void remove(String folder) throws IOException {
        files.destroy(files.key(folder));
        index.ofFolder(folder).forEach(block -> index.forget(block.block()));
        for (String name : files.files(folder)) {
            if (BlockFiles.isBlock(name) || BlockFiles.isTemporary(name)) {
                files.delete(files.folder(folder).resolve(name));
            }
        }
        files.deleteFolder(folder);
        listing.forget(folder);
    }

    private boolean listingDue() {
        return clock.millis() - listedMillis >= LISTING_MILLIS;
    }

    /// A listing that fails is tried again when the next one is due.
    private void listQuietly() {
        try {
            list();
        } catch (IOException e) {
            listedMillis = clock.millis();
        }
    }

    /// A block leaves the queue under the lock: else it might be written after its tenant is
    /// erased.
    private void writeNext() {
        disk.lock();
        try {
            @Nullable PendingBlock next = queue.next();
            if (next != null) {
                try {
                    write(next);
                } finally {
                    queue.done(next);
                }
            }
        } finally {
            disk.unlock();
        }
    }

    private void write(PendingBlock block) {
        if (!writing) {
            return;
        }
        try {
            if (listingDue()) {
                listQuietly();
            }
            writeFile(block);
        } catch (NoSuchFileException | FileAlreadyExistsException e) {
            // Another process erased the tenant in the middle: so the block is not wanted.
        } catch (IOException | RuntimeException e) {
            stopWriting(e);
        }
    }

    private void writeFile(PendingBlock block) throws IOException {
        String folder = ring.folderName(block.name().tenant());
        long bytes = block.content().sealedBytes();
        if (bytes > capBytes || !hasRoomFor(folder)) {
            return;
        }
        makeRoom(bytes);
        files.createFolder(folder);
        SealKey key = tenants.forWriting(block.name().tenant());
        Path temporary = files.temporary(folder, block.block(), ring.uniqueName());
        boolean complete = false;
        try {
            try (FileChannel file = files.create(temporary)) {
                writeFrames(block, key, file);
            }
            files.rename(temporary, files.block(folder, block.block()));
            complete = true;
        } finally {
            if (!complete) {
                deleteQuietly(temporary);
            }
        }
        long now = clock.millis();
        index.add(new StoredBlock(folder, block.block(), bytes, now, now));
        written.increment();
    }

    private void writeFrames(PendingBlock block, SealKey key, FileChannel file) throws IOException {
        SealedName name = new SealedName(block.name().tenant(), block.block());
        sealer.begin(key, name, block.content().contentBytes(), header);
        files.write(file, header, header.length);
        for (byte[] frame : block.frames()) {
            int count = sealer.seal(frame, sealed);
            files.write(file, sealed, count);
        }
    }

    /// Whether the tenant may have a folder; those of tenants without blocks make room for it.
    private boolean hasRoomFor(String folder) throws IOException {
        if (listing.folders().contains(folder) || listing.folders().size() < TENANTS_MAX) {
            return true;
        }
        Set<String> used = index.folders();
        for (String other : listing.folders()) {
            if (!used.contains(other)) {
                remove(other);
            }
        }
        return listing.folders().size() < TENANTS_MAX;
    }

    /// Deletes the oldest blocks until so many bytes more stay within the cap.
    private void makeRoom(long bytes) throws IOException {
        while (index.bytes() + bytes > capBytes || index.count() >= BlockIndex.BLOCKS_MAX) {
            Optional<StoredBlock> oldest = index.oldest();
            if (oldest.isEmpty()) {
                return;
            }
            StoredBlock block = oldest.get();
            files.delete(files.block(block.folder(), block.block()));
            index.forget(block.block());
        }
    }

    private void deleteQuietly(Path file) {
        try {
            files.delete(file);
        } catch (IOException e) {
            // It is a leftover then, and goes with the leftovers.
        }
    }

    private void stopWriting(Exception cause) {
        writing = false;
        log.log(
                System.Logger.Level.WARNING,
                "the prefix cache on disk takes no more blocks until the next start, since writing"
                        + " failed: {0}; what it has can be read",
                String.valueOf(cause));
    }
}
