package autark.engine;

import autark.engine.cache.PageStore;
import autark.engine.cache.PrefixName;
import autark.engine.disk.BlockName;
import autark.engine.disk.BlockRead;
import autark.engine.disk.BlockStore;
import autark.engine.store.Sha256;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// Pages on disk, read by a thread of their own.
final class DiskPages implements PageStore, AutoCloseable {
    private final BlockStore blocks;
    private final Consumer<Runnable> scheduler;
    private final ExecutorService reader =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("autark-prefix-reader").factory());

    /// @param scheduler has the scheduler's thread run something
    DiskPages(BlockStore blocks, Consumer<Runnable> scheduler) {
        this.blocks = blocks;
        this.scheduler = scheduler;
    }

    @Override
    public boolean has(String tenant, PrefixName name) {
        return blocks.has(blockName(tenant, name));
    }

    @Override
    public void offer(Page page, List<ByteBuffer> content) {
        blocks.offer(blockName(page.tenant(), page.name()), page.tokens(), content);
    }

    @Override
    public void read(List<Wanted> pages, IntConsumer done) {
        List<BlockRead> reads =
                pages.stream()
                        .map(wanted ->
                                new BlockRead(
                                        blockName(wanted.page().tenant(), wanted.page().name()),
                                        wanted.page().tokens(),
                                        wanted.into()))
                        .toList();
        try {
            reader.execute(() -> {
                int count = readOrMiss(reads);
                scheduler.accept(() -> done.accept(count));
            });
        } catch (RejectedExecutionException e) {
            scheduler.accept(() -> done.accept(0));
        }
    }

    private int readOrMiss(List<BlockRead> reads) {
        try {
            return blocks.readPrefix(reads);
        } catch (RuntimeException e) {
            return 0;
        }
    }

    private static BlockName blockName(String tenant, PrefixName name) {
        return new BlockName(tenant, new Sha256(name.hex()));
    }

    /// Waits until nobody reads any more: pages that are read into must not be freed before.
    @Override
    public void close() {
        reader.close();
        blocks.close();
    }
}
