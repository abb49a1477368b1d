package autark.engine.disk;

import autark.engine.seal.Seal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The blocks that wait to be written, bounded in bytes, and the memory that they are copied to.
final class WriteQueue {
    /// Most bytes of blocks that wait.
    static final long BYTES_MAX = 64L << 20;

    /// Frames that are kept for the next blocks when no block needs them: 8 MiB.
    private static final int SPARE_FRAMES_MAX = 128;

    /// What became of the wish to write a block.
    enum Place {
        TAKEN,
        WAITS_ALREADY,
        FULL
    }

    private final ArrayDeque<PendingBlock> waiting = new ArrayDeque<>();
    private final ArrayDeque<byte[]> spareFrames = new ArrayDeque<>();
    private final Set<String> names = new HashSet<>();
    private long bytes;
    private boolean listingWished;
    private boolean closed;
    private boolean busy;

    /// Takes place for a block; [#add] or [#release] must follow.
    synchronized Place reserve(String block, BlockContent content) {
        if (names.contains(block)) {
            return Place.WAITS_ALREADY;
        }
        if (closed || content.frameBytes() > BYTES_MAX - bytes) {
            return Place.FULL;
        }
        names.add(block);
        bytes += content.frameBytes();
        return Place.TAKEN;
    }

    synchronized void add(PendingBlock block) {
        if (closed) {
            release(block.block(), block.content());
            return;
        }
        waiting.add(block);
        notifyAll();
    }

    synchronized void release(String block, BlockContent content) {
        names.remove(block);
        bytes -= content.frameBytes();
        notifyAll();
    }

    synchronized void wishListing() {
        if (!closed && !listingWished) {
            listingWished = true;
            notifyAll();
        }
    }

    /// Waits until there is something to do.
    ///
    /// @return whether there will be more: false after close, when nothing waits
    synchronized boolean awaitWork() {
        while (waiting.isEmpty() && !listingWished && !closed) {
            try {
                wait();
            } catch (InterruptedException e) {
                closed = true; // nobody else knows this thread; whoever ends it means the store
            }
        }
        busy = !waiting.isEmpty() || listingWished;
        return busy;
    }

    synchronized boolean takeListingWish() {
        boolean wished = listingWished;
        listingWished = false;
        return wished;
    }

    synchronized @Nullable PendingBlock next() {
        return waiting.poll();
    }

    /// The writer has done what it took.
    synchronized void rest() {
        busy = false;
        notifyAll();
    }

    /// Gives the memory of a block back, and its place.
    synchronized void done(PendingBlock block) {
        for (byte[] frame : block.frames()) {
            if (spareFrames.size() < SPARE_FRAMES_MAX) {
                spareFrames.add(frame);
            }
        }
        release(block.block(), block.content());
    }

    /// Takes the blocks of a tenant out of the queue.
    synchronized List<PendingBlock> removeTenant(String tenant) {
        List<PendingBlock> removed = new ArrayList<>();
        for (Iterator<PendingBlock> i = waiting.iterator(); i.hasNext(); ) {
            PendingBlock block = i.next();
            if (block.name().tenant().equals(tenant)) {
                i.remove();
                removed.add(block);
            }
        }
        return removed;
    }

    byte[] newFrame() {
        synchronized (this) {
            if (!spareFrames.isEmpty()) {
                return spareFrames.poll();
            }
        }
        return new byte[Seal.FRAME_BYTES];
    }

    /// Waits until all that was added is done; an interrupt ends the wait.
    synchronized void awaitRest() {
        while (!waiting.isEmpty() || listingWished || busy) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized boolean closed() {
        return closed;
    }
}
