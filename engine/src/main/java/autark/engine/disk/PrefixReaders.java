package autark.engine.disk;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Reads the blocks of a prefix by two threads: the one that asks, and a helper when it is free.
final class PrefixReaders implements AutoCloseable {
    /// Reads one block.
    interface OneBlock {
        boolean read(BlockName name, int[] tokens, List<ByteBuffer> parts);
    }

    private final OneBlock oneBlock;
    private final ExecutorService helper =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("autark-block-reader").daemon().factory());

    PrefixReaders(OneBlock oneBlock) {
        this.oneBlock = oneBlock;
    }

    /// @return how many blocks are filled before the first one that is not
    int read(List<BlockRead> blocks) {
        Job job = new Job(blocks);
        if (blocks.size() > 1) {
            try {
                helper.execute(job::help);
            } catch (RejectedExecutionException e) {
                // Closed in the meantime: each read will tell.
            }
        }
        return job.runAndWait();
    }

    @Override
    public void close() {
        helper.shutdown();
    }

    private final class Job {
        private final List<BlockRead> blocks;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger firstMiss;
        private final AtomicBoolean helperDecided = new AtomicBoolean();
        private final CompletableFuture<Void> helped = new CompletableFuture<>();

        Job(List<BlockRead> blocks) {
            this.blocks = blocks;
            firstMiss = new AtomicInteger(blocks.size());
        }

        /// When this returns, nobody writes to the memory of the blocks any more.
        int runAndWait() {
            try {
                work();
            } finally {
                if (!helperDecided.compareAndSet(false, true)) {
                    helped.join();
                }
            }
            return firstMiss.get();
        }

        void help() {
            if (!helperDecided.compareAndSet(false, true)) {
                return; // all was read before this thread came to it
            }
            try {
                work();
                helped.complete(null);
            } catch (RuntimeException | Error e) {
                helped.completeExceptionally(e);
            }
        }

        private void work() {
            int index = next.getAndIncrement();
            while (index < firstMiss.get()) {
                BlockRead block = blocks.get(index);
                if (!oneBlock.read(block.name(), block.tokens(), block.parts())) {
                    firstMiss.accumulateAndGet(index, Math::min);
                }
                index = next.getAndIncrement();
            }
        }
    }
}
