package autark.engine.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many readers, two stores on one folder, a cap that is always reached, tenants that are erased:
/// each read gives the right bytes or none, and the cap holds in the end.
class ManyThreadsTest {
    private static final int BLOCK_COUNT = 24;
    private static final int READER_COUNT = 4;
    private static final int ROUNDS = 1500;

    @TempDir private Path temporary;

    private final List<SampleBlock> blocks =
            IntStream.range(0, BLOCK_COUNT)
                    .mapToObj(i -> SampleBlock.of("tenant" + i % 3, i, 3000, 70_000))
                    .toList();

    @Test
    void readersAndWritersDoNotHarmOneAnother() throws Exception {
        StoreFolder folder = new StoreFolder(temporary);
        SampleBlock first = blocks.getFirst();
        long blockBytes =
                BlockContent.of(first.name(), first.tokens(), first.parts()).sealedBytes();
        long capBytes = 10 * blockBytes;
        AtomicInteger hits = new AtomicInteger();
        try (BlockStore here = folder.open(capBytes);
                BlockStore there = folder.open(capBytes)) {
            List<Future<?>> all = new ArrayList<>();
            try (ExecutorService threads = Executors.newCachedThreadPool()) {
                for (int i = 0; i < READER_COUNT; i++) {
                    int seed = i;
                    all.add(
                            threads.submit(
                                    () -> readMany(seed % 2 == 0 ? here : there, seed, hits)));
                }
                all.add(threads.submit(() -> writeMany(here, folder, 100)));
                all.add(threads.submit(() -> writeMany(there, folder, 101)));
            }
            finish(all);
            for (BlockStore store : List.of(here, there)) {
                folder.clock().pass(Duration.ofMinutes(1));
                SampleBlock.of("tenant0", 1000 + store.hashCode(), 3000, 70_000).in(store);
                assertThat(store.stats().writing()).isTrue();
            }
            assertThat(folder.blockFiles()).hasSizeLessThanOrEqualTo(10);
        }
        assertThat(hits).hasPositiveValue();
    }

    private void readMany(BlockStore store, int seed, AtomicInteger hits) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            if (round % 50 == 0) {
                List<BlockRead> wanted =
                        blocks.subList(0, 5).stream().map(SampleBlock::wanted).toList();
                int filled = store.readPrefix(wanted);
                for (int i = 0; i < filled; i++) {
                    assertThat(wanted.get(i).parts()).isEqualTo(blocks.get(i).parts());
                }
            }
            if (blocks.get(random.nextInt(BLOCK_COUNT)).isRead(store)) {
                hits.incrementAndGet();
            }
        }
    }

    private void writeMany(BlockStore store, StoreFolder folder, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS / 5; round++) {
            blocks.get(random.nextInt(BLOCK_COUNT)).offerTo(store);
            if (round % 10 == 0) {
                store.flush();
                folder.clock().pass(Duration.ofSeconds(1));
            }
            if (round % 100 == 99) {
                store.eraseTenant("tenant" + random.nextInt(3));
            }
        }
        store.flush();
    }

    private static void finish(List<Future<?>> all) throws InterruptedException {
        for (Future<?> one : all) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw new AssertionError("a thread failed", e);
            }
        }
    }
}
