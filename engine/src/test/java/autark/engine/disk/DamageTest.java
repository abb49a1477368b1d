package autark.engine.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever happens to the files, a read gives the right bytes or none.
class DamageTest {
    @TempDir private Path temporary;
    private StoreFolder folder = new StoreFolder(Path.of(""));

    @BeforeEach
    void setUp() {
        folder = new StoreFolder(temporary);
    }

    @Test
    void eachFlippedByteIsFoundAndTheFileDropped() throws IOException {
        SampleBlock block = SampleBlock.small("ann", 1);
        SampleBlock other = SampleBlock.small("ann", 2);
        try (BlockStore store = folder.open()) {
            block.in(store);
            Path file = folder.blockFile();
            other.in(store);
            byte[] good = Files.readAllBytes(file);
            for (int at = 0; at < good.length; at++) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) (1 << at % 8);
                Files.write(file, bad);

                assertThat(block.isRead(store)).as("byte %d of %d", at, good.length).isFalse();
                assertThat(file).doesNotExist();
                block.in(store);
                assertThat(block.isRead(store)).isTrue();
            }
            assertThat(other.isRead(store)).isTrue();
            assertThat(store.stats().dropped()).isEqualTo(good.length);
        }
    }

    @Test
    void eachCutIsFoundAndTheFileDropped() throws IOException {
        SampleBlock block = SampleBlock.small("ann", 1);
        try (BlockStore store = folder.open()) {
            block.in(store);
            Path file = folder.blockFile();
            int length = Files.readAllBytes(file).length;
            for (int cut = 0; cut < length; cut++) {
                Files.write(file, Arrays.copyOf(Files.readAllBytes(file), cut));

                assertThat(block.isRead(store)).as("cut to %d bytes", cut).isFalse();
                assertThat(file).doesNotExist();
                block.in(store);
            }
            assertThat(block.isRead(store)).isTrue();
        }
    }

    @Test
    void aCutBetweenFramesAndALongerFileAreFound() throws IOException {
        SampleBlock block = SampleBlock.of("ann", 1, 200_000);
        try (BlockStore store = folder.open()) {
            block.in(store);
            Path file = folder.blockFile();
            byte[] good = Files.readAllBytes(file);
            int frame = (64 << 10) + 16;
            for (int length : new int[] {40, 40 + frame, 40 + 2 * frame, 40 + 3 * frame}) {
                assertDropped(store, block, file, Arrays.copyOf(good, length));
            }
            assertDropped(store, block, file, Arrays.copyOf(good, good.length + 1));
            assertDropped(store, block, file, Arrays.copyOf(good, 2 * good.length));
            byte[] extended = Arrays.copyOf(good, good.length + frame);
            System.arraycopy(good, 40, extended, good.length, frame);
            assertDropped(store, block, file, extended);
        }
    }

    @Test
    void aFileUnderAnotherNameIsFound() throws IOException {
        SampleBlock first = SampleBlock.small("ann", 1);
        SampleBlock second = SampleBlock.small("ann", 2);
        try (BlockStore store = folder.open()) {
            first.in(store);
            Path firstFile = folder.blockFile();
            second.in(store);
            Path secondFile =
                    folder.blockFiles().stream()
                            .filter(file -> !file.equals(firstFile))
                            .findFirst()
                            .orElseThrow();
            swap(firstFile, secondFile);

            assertThat(first.isRead(store)).isFalse();
            assertThat(second.isRead(store)).isFalse();
            assertThat(folder.blockFiles()).isEmpty();
        }
    }

    @Test
    void aFileOfAnotherTenantIsFound() throws IOException {
        SampleBlock ann = SampleBlock.small("ann", 1);
        SampleBlock bob = SampleBlock.small("bob", 1);
        try (BlockStore store = folder.open()) {
            ann.in(store);
            Path annFile = folder.blockFile();
            bob.in(store);
            List<Path> both = folder.blockFiles();
            Path bobFile = both.get(annFile.equals(both.getFirst()) ? 1 : 0);
            swap(annFile, bobFile);
            assertThat(ann.isRead(store)).isFalse();
            assertThat(bob.isRead(store)).isFalse();

            ann.in(store);
            bob.in(store);
            swap(annFile.resolveSibling("key"), bobFile.resolveSibling("key"));
        }
        try (BlockStore store = folder.open()) {
            assertThat(ann.isRead(store)).isFalse();
            assertThat(bob.isRead(store)).isFalse();
            assertThat(ann.in(store).isRead(store)).isTrue();
            assertThat(bob.in(store).isRead(store)).isTrue();
        }
    }

    /// As if two blocks had one hash: the tokens decide, and the block that is there stays.
    @Test
    void aCollisionOfHashesIsAMiss() {
        SampleBlock block = SampleBlock.small("ann", 1);
        SampleBlock other = SampleBlock.small("ann", 2);
        SampleBlock colliding = new SampleBlock(block.name(), other.tokens(), other.parts());
        try (BlockStore store = folder.open()) {
            block.in(store);

            assertThat(colliding.isRead(store)).isFalse();
            assertThat(block.isRead(store)).isTrue();
        }
    }

    @Test
    void anotherRootKeyMisses() throws IOException {
        SampleBlock block = SampleBlock.small("ann", 1);
        try (BlockStore store = folder.open()) {
            block.in(store);
        }
        byte[] oldKey = Files.readAllBytes(folder.keyFile());
        Files.delete(folder.keyFile());
        try (BlockStore store = folder.open()) {
            assertThat(Files.readAllBytes(folder.keyFile())).isNotEqualTo(oldKey);
            assertThat(store.has(block.name())).isFalse();
            assertThat(block.isRead(store)).isFalse();
            assertThat(block.in(store).isRead(store)).isTrue();
            assertThat(store.stats().blockCount()).isEqualTo(2);
        }
    }

    /// Blocks that nobody has the key for are the first to go: nobody uses them.
    @Test
    void blocksOfAnotherRootKeyMakeRoom() throws IOException {
        SampleBlock block = SampleBlock.small("ann", 1);
        try (BlockStore store = folder.open()) {
            block.in(store);
        }
        Path foreign = folder.blockFile();
        long bytes = Files.size(foreign);
        Files.delete(folder.keyFile());
        try (BlockStore store = folder.open(bytes)) {
            assertThat(block.in(store).isRead(store)).isTrue();
        }

        assertThat(foreign).doesNotExist();
    }

    @Test
    void aBlockWithoutItsKeyIsDropped() throws IOException {
        SampleBlock block = SampleBlock.small("ann", 1);
        for (byte[] key : new byte[][] {{}, new byte[40], new byte[41]}) {
            try (BlockStore store = folder.open()) {
                block.in(store);
            }
            Files.write(folder.blockFile().resolveSibling("key"), key);
            try (BlockStore store = folder.open()) {
                assertThat(store.has(block.name())).isTrue();
                assertThat(block.isRead(store)).isFalse();
                assertThat(store.stats().dropped()).isEqualTo(1);
                assertThat(block.in(store).isRead(store)).isTrue();
            }
        }
    }

    @Test
    void anUnreadableFileIsAMissAndIsWrittenAnew() throws IOException {
        SampleBlock block = SampleBlock.small("ann", 1);
        try (BlockStore store = folder.open()) {
            block.in(store);
            Path file = folder.blockFile();
            Files.delete(file);
            Files.createDirectory(file);
            assertThat(block.isRead(store)).isFalse();
            Files.delete(file);
            Path elsewhere = Files.writeString(temporary.resolve("elsewhere"), "mine");
            block.in(store);
            Files.delete(file);
            Files.createSymbolicLink(file, elsewhere);
            assertThat(block.isRead(store)).isFalse();
            assertThat(block.in(store).isRead(store)).isTrue();
            assertThat(elsewhere).hasContent("mine");
        }
    }

    /// An interrupt closes the channel that a thread reads; it says nothing about the file.
    @Test
    void anInterruptIsAMissAndTheFileStays() {
        SampleBlock block = SampleBlock.small("ann", 1);
        try (BlockStore store = folder.open()) {
            block.in(store);
            Thread.currentThread().interrupt();
            assertThat(block.isRead(store)).isFalse();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(block.isRead(store)).isTrue();
        }
    }

    /// Neither tenants nor tokens nor content nor hashes can be seen in the folder.
    @Test
    void nothingIsReadableInTheFolder() throws IOException {
        byte[] canary = "a canary that sings in the coal mine".getBytes(StandardCharsets.UTF_8);
        SampleBlock sample = SampleBlock.of("tenant-canary", 1, 70_000);
        sample.parts().getFirst().put(10, canary);
        sample.parts().getFirst().put(69_000, canary);
        try (BlockStore store = folder.open()) {
            sample.in(store);
            assertThat(sample.isRead(store)).isTrue();
        }

        ByteBuffer tokens = ByteBuffer.allocate(12);
        tokens.asIntBuffer().put(sample.tokens(), 4, 3);
        ByteBuffer littleTokens = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        littleTokens.asIntBuffer().put(sample.tokens(), 4, 3);
        String hash = sample.name().hash().hex();
        List<String> secrets =
                List.of(
                        latin(Arrays.copyOf(canary, 8)),
                        "tenant-canary",
                        latin(tokens.array()),
                        latin(littleTokens.array()),
                        hash,
                        latin(HexFormat.of().parseHex(hash)));
        assertThat(folder.files()).hasSize(2);
        for (Path file : folder.files()) {
            String all = folder.blocks().relativize(file) + latin(Files.readAllBytes(file));
            assertThat(secrets).noneMatch(all::contains);
        }
    }

    @Test
    void theSameBlockIsNeverSealedTheSameWay() throws IOException {
        SampleBlock block = SampleBlock.small("ann", 1);
        try (BlockStore store = folder.open()) {
            block.in(store);
            byte[] first = Files.readAllBytes(folder.blockFile());
            Files.delete(folder.blockFile());
            assertThat(block.isRead(store)).isFalse();
            block.in(store);
            byte[] second = Files.readAllBytes(folder.blockFile());

            int same = 0;
            for (int at = 8; at < first.length; at++) {
                same += first[at] == second[at] ? 1 : 0;
            }
            assertThat(same).isLessThan(first.length / 16);
        }
    }

    @Test
    void erasingATenantDestroysKeyAndBlocks() throws IOException {
        SampleBlock ann = SampleBlock.small("ann", 1);
        SampleBlock bob = SampleBlock.small("bob", 2);
        try (BlockStore store = folder.open()) {
            ann.in(store);
            Path file = folder.blockFile();
            bob.in(store);
            byte[] sealed = Files.readAllBytes(file);
            byte[] key = Files.readAllBytes(file.resolveSibling("key"));
            store.eraseTenant("ann");
            store.eraseTenant("ann");
            store.eraseTenant("nobody");

            assertThat(file.getParent()).doesNotExist();
            assertThat(store.has(ann.name())).isFalse();
            assertThat(ann.isRead(store)).isFalse();
            assertThat(bob.isRead(store)).isTrue();

            ann.in(store);
            assertThat(ann.isRead(store)).isTrue();
            assertThat(Files.readAllBytes(file.resolveSibling("key"))).isNotEqualTo(key);
            Files.write(file, sealed);
            assertThat(ann.isRead(store)).as("what was kept aside opens no more").isFalse();
        }
    }

    /// The writer waits while a tenant is erased, so what is offered then still waits at the end.
    @Test
    void whatWaitsIsErasedToo() {
        SampleBlock ann = SampleBlock.small("ann", 1);
        SampleBlock bob = SampleBlock.small("bob", 2);
        AtomicReference<BlockStore> opened = new AtomicReference<>();
        AtomicBoolean first = new AtomicBoolean(true);
        BlockFiles.Probe probe =
                operation -> {
                    if (operation.equals("destroy") && first.getAndSet(false)) {
                        ann.offerTo(opened.get());
                        bob.offerTo(opened.get());
                        opened.get().eraseTenant("ann");
                    }
                };
        try (BlockStore store = folder.open(probe, new RecordingLog())) {
            opened.set(store);
            store.eraseTenant("somebody");
            store.flush();

            assertThat(ann.isRead(store)).isFalse();
            assertThat(bob.isRead(store)).isTrue();
            assertThat(folder.blockFiles()).hasSize(1);
        }
    }

    @Test
    void anErasedTenantIsNotWrittenByTheOtherStoreWithTheOldKey() throws IOException {
        SampleBlock first = SampleBlock.small("ann", 1);
        SampleBlock second = SampleBlock.small("ann", 2);
        try (BlockStore here = folder.open();
                BlockStore there = folder.open()) {
            first.in(here);
            byte[] key = Files.readAllBytes(folder.blockFile().resolveSibling("key"));
            there.eraseTenant("ann");
            second.in(here);

            assertThat(first.isRead(here)).isFalse();
            assertThat(second.isRead(here)).isTrue();
            assertThat(Files.readAllBytes(folder.blockFile().resolveSibling("key")))
                    .isNotEqualTo(key);
            there.eraseTenant("ann");
            first.in(there);
            assertThat(first.isRead(there)).isTrue();
            assertThat(second.isRead(here)).isFalse();
            folder.clock().pass(Duration.ofMinutes(1));
            here.has(first.name());
            here.flush();
            assertThat(first.isRead(here)).as("with the new key").isTrue();
        }
    }

    private static void assertDropped(BlockStore store, SampleBlock block, Path file, byte[] bad)
            throws IOException {
        Files.write(file, bad);
        assertThat(block.isRead(store)).as("%d bytes", bad.length).isFalse();
        assertThat(file).doesNotExist();
        assertThat(block.in(store).isRead(store)).isTrue();
    }

    private static void swap(Path first, Path second) throws IOException {
        Path aside = first.resolveSibling("aside");
        Files.move(first, aside);
        Files.move(second, first, StandardCopyOption.ATOMIC_MOVE);
        Files.move(aside, second, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
