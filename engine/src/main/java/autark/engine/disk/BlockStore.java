package autark.engine.disk;

import autark.engine.seal.KeyClosedException;
import autark.engine.seal.KeyRing;
import autark.engine.seal.SealKey;
import autark.engine.seal.SealedName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Blocks of keys and values that survive a restart: sealed, kept apart by tenant, bounded.
///
/// A block is one file. It is written beside its place and renamed, so that nobody sees half of it,
/// and it is not flushed: what a power failure leaves of a cache either opens or does not. Each
/// block says, inside the seal, which block it is and from which tokens it was made, and that is
/// compared with what is wanted before a byte of it is used. So a read gives exactly the bytes that
/// were offered under this name with these tokens, or it is a miss. Misses have no reasons: a file
/// that is absent, cut, changed, moved, sealed by another key or unreadable is computed again.
///
/// **Threads.** [#has] looks into memory only. [#offer] copies, and one thread of the store writes
/// behind. [#read] runs in the thread that calls it, any number of them at once. Nothing of this
/// waits for the writer, but [#flush], [#eraseTenant] and [#close].
///
/// **Processes.** Several may share a folder and a key file. A block that another one deleted is a
/// miss; a block that another one wrote is found within [BlockWriter#LISTING_MILLIS] of a miss in
/// [#has]. Each process counts what it saw and deletes the blocks that were not used for longest
/// before it would exceed the cap, so that the folder exceeds it by no more than what the other
/// processes write between two listings.
///
/// **Errors.** After the first error in writing the store stops to write and says so once. Reads go
/// on.
public final class BlockStore implements AutoCloseable {
    /// How long [#close] waits for what is still to be written.
    private static final long CLOSE_MILLIS_MAX = 10_000;

    /// A block's last use is written to its file at most this often.
    private static final long TOUCH_MILLIS = 60_000;

    /// Readers, with their buffers, that are kept for the next reads.
    private static final int SPARE_READERS_MAX = 8;

    private final BlockFiles files;
    private final BlockIndex index = new BlockIndex();
    private final KeyRing ring;
    private final Tenants tenants;
    private final InstantSource clock;
    private final long capBytes;
    private final BlockWriter writer;
    private final Thread writerThread;
    private final ArrayBlockingQueue<BlockReader> spareReaders =
            new ArrayBlockingQueue<>(SPARE_READERS_MAX);
    private final PrefixReaders prefixReaders = new PrefixReaders(this::read);

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /// What the store has and did since it was opened.
    ///
    /// @param blockCount blocks on disk, as far as this process knows
    /// @param bytes of their files
    /// @param hits reads that filled their parts
    /// @param misses reads that did not
    /// @param dropped files that were deleted since they did not open
    /// @param written blocks written
    /// @param refused blocks offered and not taken
    /// @param writing whether blocks are written: false after an error
    public record Stats(
            int blockCount,
            long bytes,
            long hits,
            long misses,
            long dropped,
            long written,
            long refused,
            boolean writing) {}

    /// What a store works with.
    ///
    /// @param log told once if nothing is written any more
    record Surroundings(BlockFiles files, long capBytes, InstantSource clock, System.Logger log) {}

    /// Opens a folder, and lists it once.
    ///
    /// @param folder is created, for its owner alone, if it is absent
    /// @param keyFile holds the root key; if it is absent a new key is drawn
    /// @param capBytes most bytes of all blocks
    /// @throws BlockStoreException if the folder cannot be used
    /// @throws autark.engine.seal.SealException if the key file cannot be used
    public static BlockStore open(Path folder, Path keyFile, long capBytes, InstantSource clock) {
        System.Logger log = System.getLogger(BlockStore.class.getName());
        BlockFiles files = new BlockFiles(folder, operation -> {});
        return open(new Surroundings(files, capBytes, clock, log), keyFile);
    }

    static BlockStore open(Surroundings surroundings, Path keyFile) {
        KeyRing ring = KeyRing.open(keyFile);
        BlockStore store = new BlockStore(surroundings, ring);
        try {
            surroundings.files().createRoot();
            store.writer.list();
        } catch (IOException e) {
            ring.close();
            throw new BlockStoreException(
                    "cannot use the folder %s for the prefix cache: %s; choose another one, or do without"
                            .formatted(surroundings.files().root(), e),
                    e);
        }
        store.writerThread.start();
        return store;
    }

    private BlockStore(Surroundings surroundings, KeyRing ring) {
        this.ring = ring;
        files = surroundings.files();
        clock = surroundings.clock();
        capBytes = surroundings.capBytes();
        tenants = new Tenants(files, ring);
        writer = new BlockWriter(surroundings, index, ring, tenants);
        writerThread = Thread.ofPlatform().name("autark-block-writer").daemon().unstarted(writer);
    }

    /// Whether the block is on disk, as far as is known without looking: [#read] may still miss.
    public boolean has(BlockName name) {
        boolean found = !writer.queue().closed() && index.contains(blockName(name));
        if (!found) {
            writer.wishListing();
        }
        return found;
    }

    /// Takes a copy of a block, to write it behind.
    ///
    /// @param tokens from which the block was made
    /// @param parts its bytes, each from its position to its limit
    /// @return whether it will be written, or is there already; false if too much waits, if it is
    ///   too large, or if nothing is written any more
    public boolean offer(BlockName name, int[] tokens, List<ByteBuffer> parts) {
        String block = blockName(name);
        if (index.contains(block)) {
            return true;
        }
        if (!writer.writing() || !BlockContent.fits(tokens, parts)) {
            refused.increment();
            return false;
        }
        BlockContent content = BlockContent.of(name, tokens, parts);
        WriteQueue.Place place =
                content.sealedBytes() > capBytes
                        ? WriteQueue.Place.FULL
                        : writer.queue().reserve(block, content);
        return switch (place) {
            case WAITS_ALREADY -> true;
            case FULL -> {
                refused.increment();
                yield false;
            }
            case TAKEN -> {
                copy(new PendingBlock.Naming(name, block), content, parts);
                yield true;
            }
        };
    }

    /// Fills the parts, each from its position to its limit.
    ///
    /// @param tokens from which the block must have been made
    /// @return whether they are filled; if not, they may hold anything
    public boolean read(BlockName name, int[] tokens, List<ByteBuffer> parts) {
        boolean filled = readIfThere(name, tokens, parts);
        (filled ? hits : misses).increment();
        return filled;
    }

    /// Fills the blocks from the first one to the first miss, by two threads.
    ///
    /// @return how many are filled; the parts of the others may hold anything
    public int readPrefix(List<BlockRead> blocks) {
        return prefixReaders.read(blocks);
    }

    /// Waits until all that was offered is written, or given up.
    public void flush() {
        writer.queue().awaitRest();
    }

    /// Destroys the key of a tenant and all his blocks, written or waiting. A block that is offered
    /// afterwards is sealed by a new key.
    ///
    /// @throws BlockStoreException if the disk refuses; call it again then
    public void eraseTenant(String tenant) {
        try {
            writer.erase(tenant);
        } catch (IOException e) {
            throw new BlockStoreException(
                    "cannot erase a tenant from the prefix cache: %s; repair the disk and erase again"
                            .formatted(e),
                    e);
        }
    }

    public Stats stats() {
        return new Stats(
                index.count(),
                index.bytes(),
                hits.sum(),
                misses.sum(),
                dropped.sum(),
                writer.written(),
                refused.sum(),
                writer.writing());
    }

    /// Writes what waits, within some seconds, and forgets the keys. All later calls are misses.
    @Override
    public void close() {
        writer.queue().close();
        try {
            writerThread.join(CLOSE_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        prefixReaders.close();
        tenants.close();
        ring.close();
    }

    private String blockName(BlockName name) {
        return ring.fileName(name.tenant(), name.hash().hex());
    }

    private void copy(PendingBlock.Naming naming, BlockContent content, List<ByteBuffer> parts) {
        WriteQueue queue = writer.queue();
        @Nullable PendingBlock copy = null;
        try {
            copy = PendingBlock.copy(naming, content, parts, queue::newFrame);
        } finally {
            if (copy == null) {
                queue.release(naming.block(), content);
            }
        }
        queue.add(copy);
    }

    private boolean readIfThere(BlockName name, int[] tokens, List<ByteBuffer> parts) {
        String block = blockName(name);
        long now = clock.millis();
        Optional<StoredBlock> stored = index.use(block, now);
        if (stored.isEmpty() || writer.queue().closed() || !BlockContent.fits(tokens, parts)) {
            return false;
        }
        Path path = files.block(stored.get().folder(), block);
        BlockContent wanted = BlockContent.of(name, tokens, parts);
        try {
            BlockReader.Outcome outcome =
                    readFile(path, new SealedName(name.tenant(), block), wanted, parts);
            if (outcome == BlockReader.Outcome.DAMAGED) {
                drop(path, block);
            } else if (index.claimTouch(block, now, TOUCH_MILLIS)) {
                touch(path, now);
            }
            return outcome == BlockReader.Outcome.FILLED;
        } catch (ClosedByInterruptException e) {
            return false; // the thread is wanted elsewhere; the file is as good as before
        } catch (NoSuchFileException e) {
            index.forget(block);
            return false;
        } catch (IOException e) {
            index.forget(block); // so that it may be written anew
            return false;
        } catch (KeyClosedException e) {
            return false; // erased or closed in the middle
        }
    }

    /// Another process may have erased the tenant and given it a new key since the last look.
    private BlockReader.Outcome readFile(
            Path path, SealedName name, BlockContent wanted, List<ByteBuffer> parts)
            throws IOException {
        @Nullable BlockReader spare = spareReaders.poll();
        BlockReader reader = spare == null ? new BlockReader(files) : spare;
        try (FileChannel file = files.open(path)) {
            Optional<SealKey> key = tenants.forReading(name.tenant());
            if (key.isEmpty()) {
                return BlockReader.Outcome.DAMAGED;
            }
            BlockReader.Outcome outcome = reader.read(file, key.get(), name, wanted, parts);
            if (outcome != BlockReader.Outcome.DAMAGED) {
                return outcome;
            }
            Optional<SealKey> newest = tenants.fromDisk(name.tenant());
            return newest.equals(key) || newest.isEmpty()
                    ? outcome
                    : reader.read(file.position(0), newest.get(), name, wanted, parts);
        } finally {
            spareReaders.offer(reader);
        }
    }

    private void drop(Path path, String block) {
        dropped.increment();
        index.forget(block);
        try {
            files.delete(path);
        } catch (IOException e) {
            // It is a miss again when it is found again.
        }
    }

    private void touch(Path path, long millis) {
        try {
            files.touch(path, millis);
        } catch (IOException e) {
            // The order is kept in memory.
        }
    }
}
