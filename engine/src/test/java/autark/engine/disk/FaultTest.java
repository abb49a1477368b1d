package autark.engine.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lets the first, second, third ... operation on the disk fail, until a whole session passes.
class FaultTest {
    @TempDir private Path temporary;
    private StoreFolder folder = new StoreFolder(Path.of(""));
    private final RecordingLog log = new RecordingLog();

    @BeforeEach
    void setUp() {
        folder = new StoreFolder(temporary);
    }

    @Test
    void oneFailingOperationHarmsNobody() {
        int operation = 0;
        while (!passesAlthough(operation, Length.ONE)) {
            operation++;
        }
        assertThat(operation).isGreaterThan(40);
    }

    /// What a full or dead disk does, and what is left of a process that was killed.
    @Test
    void aDiskThatFailsFromThereOnHarmsNobody() {
        int operation = 0;
        while (!passesAlthough(operation, Length.ALL_FURTHER)) {
            operation++;
        }
        assertThat(operation).isGreaterThan(40);
    }

    @Test
    void afterAWriteErrorReadsGoOnAndOneLineIsLogged() {
        SampleBlock before = SampleBlock.small("tenant-canary", 1);
        SampleBlock after = SampleBlock.small("tenant-canary", 2);
        AtomicInteger failing = new AtomicInteger();
        BlockFiles.Probe full =
                operation -> {
                    if (operation.equals("write") && failing.get() > 0) {
                        throw new IOException("No space left on device");
                    }
                };
        try (BlockStore store = folder.open(full, log)) {
            before.in(store);
            failing.set(1);
            assertThat(after.offerTo(store)).isTrue();
            store.flush();
            failing.set(0);

            assertThat(store.stats().writing()).isFalse();
            assertThat(after.offerTo(store)).isFalse();
            assertThat(SampleBlock.small("bob", 3).offerTo(store)).isFalse();
            store.flush();
            assertThat(after.isRead(store)).isFalse();
            assertThat(before.isRead(store)).isTrue();
            assertThat(store.has(before.name())).isTrue();
        }
        assertThat(log.lines()).hasSize(1);
        assertThat(log.lines().getFirst())
                .startsWith("WARNING: the prefix cache on disk takes no more blocks")
                .contains("No space left on device")
                .doesNotContain("tenant-canary", before.name().hash().hex());
        assertThat(folder.files()).hasSize(2);
    }

    @Test
    void whatWaitsIsGivenUpAfterAWriteError() {
        List<SampleBlock> blocks =
                IntStream.range(0, 10).mapToObj(i -> SampleBlock.small("ann", i)).toList();
        BlockFiles.Probe full =
                operation -> {
                    if (operation.equals("create")) {
                        throw new IOException("No space left on device");
                    }
                };
        try (BlockStore store = folder.open(full, log)) {
            blocks.forEach(block -> block.offerTo(store));
            store.flush();
            assertThat(store.stats().written()).isZero();
        }
        assertThat(log.lines()).hasSize(1);
        assertThat(folder.blockFiles()).isEmpty();
    }

    /// What another process does to a tenant's folder is no reason to stop.
    @Test
    void aFolderThatVanishesInTheMiddleCostsOneBlock() {
        SampleBlock block = SampleBlock.small("ann", 1);
        for (String vanishesAt :
                List.of("create folder", "read key", "create key", "create", "write", "rename")) {
            StoreFolder own = folder.beside(vanishesAt);
            AtomicInteger failing = new AtomicInteger();
            BlockFiles.Probe probe =
                    operation -> {
                        if (operation.equals(vanishesAt) && failing.getAndDecrement() == 1) {
                            throw operation.equals("create folder")
                                    ? new FileAlreadyExistsException("folder")
                                    : new NoSuchFileException("file");
                        }
                    };
            try (BlockStore store = own.open(probe, log)) {
                failing.set(1);
                block.in(store);
                boolean again = vanishesAt.equals("read key"); // no key there: one is made
                assertThat(block.isRead(store)).as(vanishesAt).isEqualTo(again);
                assertThat(block.in(store).isRead(store)).as(vanishesAt).isTrue();
            }
        }
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void anEraseThatFailsSaysSo() {
        SampleBlock block = SampleBlock.small("ann", 1);
        AtomicInteger failing = new AtomicInteger();
        BlockFiles.Probe probe =
                operation -> {
                    if (operation.equals("destroy") && failing.getAndDecrement() > 0) {
                        throw new IOException("Input/output error");
                    }
                };
        try (BlockStore store = folder.open(probe, log)) {
            block.in(store);
            failing.set(1);
            assertThatThrownBy(() -> store.eraseTenant("ann"))
                    .isInstanceOf(BlockStoreException.class)
                    .hasMessageContaining("Input/output error")
                    .hasMessageContaining("erase again");
            store.eraseTenant("ann");
            assertThat(folder.files()).isEmpty();
        }
    }

    private enum Length {
        ONE,
        ALL_FURTHER
    }

    /// Whether there is no operation of this number in a session; whatever fails, no read gives
    /// wrong bytes, nothing is thrown but at the door, and the next session finds all in order.
    private boolean passesAlthough(int operation, Length length) {
        StoreFolder own = folder.beside(length + "-" + operation);
        AtomicInteger count = new AtomicInteger();
        BlockFiles.Probe probe =
                name -> {
                    int now = count.getAndIncrement();
                    if (length == Length.ONE ? now == operation : now >= operation) {
                        throw new IOException("operation %d fails: %s".formatted(now, name));
                    }
                };
        List<SampleBlock> written = new ArrayList<>();
        try (BlockStore store = own.open(probe, log)) {
            session(store, written);
        } catch (BlockStoreException e) {
            assertThat(e).hasMessageContaining("fails");
        }
        try (BlockStore store = own.open()) {
            for (SampleBlock block : written) {
                boolean known = store.has(block.name());
                assertThat(block.isRead(store)).as("operation %d", operation).isEqualTo(known);
                assertThat(block.in(store).isRead(store)).isTrue();
            }
        }
        return count.get() <= operation;
    }

    private void session(BlockStore store, List<SampleBlock> written) {
        for (int i = 0; i < 3; i++) {
            SampleBlock block = SampleBlock.small(i == 1 ? "bob" : "ann", i);
            written.add(block);
            block.offerTo(store);
            store.flush();
            folder.clock().pass(Duration.ofSeconds(70));
            store.has(SampleBlock.small("ann", 99).name());
            store.flush();
            written.forEach(known -> known.isRead(store));
        }
        store.readPrefix(written.stream().map(SampleBlock::wanted).toList());
        written.remove(1); // if erasing fails, it may be known still, without its key
        store.eraseTenant("bob");
    }
}
