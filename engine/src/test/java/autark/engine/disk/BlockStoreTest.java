package autark.engine.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.engine.seal.Seal;
import autark.engine.store.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockStoreTest {
    private static final Duration LISTING = Duration.ofMillis(BlockWriter.LISTING_MILLIS);

    @TempDir private Path temporary;
    private StoreFolder folder = new StoreFolder(Path.of(""));

    @BeforeEach
    void setUp() {
        folder = new StoreFolder(temporary);
    }

    @Test
    void aBlockSurvivesARestart() {
        SampleBlock block = SampleBlock.of("ann", 1, 100_000, 1, 0, 65_536);
        try (BlockStore store = folder.open()) {
            assertThat(store.has(block.name())).isFalse();
            assertThat(block.isRead(store)).isFalse();
            block.in(store);
            assertThat(store.has(block.name())).isTrue();
            assertThat(block.isRead(store)).isTrue();
        }

        try (BlockStore store = folder.open()) {
            assertThat(store.has(block.name())).isTrue();
            assertThat(block.isRead(store)).isTrue();
            assertThat(store.stats().hits()).isEqualTo(1);
        }
    }

    @Test
    void contentOfAnySizeComesBack() {
        try (BlockStore store = folder.open()) {
            int identityBytes = identityBytes(SampleBlock.of("ann", 0, 1));
            for (int frames = 1; frames <= 3; frames++) {
                for (int more = -2; more <= 2; more++) {
                    int bytes = frames * Seal.FRAME_BYTES - identityBytes + more;
                    SampleBlock block = SampleBlock.of("ann", bytes, bytes).in(store);
                    assertThat(block.isRead(store)).as("%d bytes", bytes).isTrue();
                }
            }
            SampleBlock nothing = SampleBlock.of("ann", 7).in(store);
            assertThat(nothing.isRead(store)).isTrue();
        }
    }

    @Test
    void closeWritesWhatWaits() {
        List<SampleBlock> blocks = samples(20);
        try (BlockStore store = folder.open()) {
            blocks.forEach(block -> assertThat(block.offerTo(store)).isTrue());
        }

        try (BlockStore store = folder.open()) {
            assertThat(blocks).allMatch(block -> block.isRead(store));
        }
    }

    @Test
    void offeringAndReadingLeaveTheBuffersAsTheyAre() {
        SampleBlock block = SampleBlock.of("ann", 1, 300);
        ByteBuffer target = block.empty().getFirst();
        try (BlockStore store = folder.open()) {
            block.in(store);
            store.read(block.name(), block.tokens(), List.of(target));
        }

        assertThat(block.parts().getFirst().position()).isEqualTo(3);
        assertThat(target.position()).isEqualTo(1);
        assertThat(target.remaining()).isEqualTo(300);
        assertThat(target.get(0)).isZero();
        assertThat(target.clear().get(301)).isZero();
    }

    @Test
    void otherTokensOrSizesAreMissesAndTheBlockStays() {
        SampleBlock block = SampleBlock.small("ann", 1);
        int[] otherTokens = block.tokens().clone();
        otherTokens[15]++;
        try (BlockStore store = folder.open()) {
            block.in(store);

            assertThat(store.read(block.name(), otherTokens, block.empty())).isFalse();
            assertThat(store.read(block.name(), new int[0], block.empty())).isFalse();
            assertThat(store.read(block.name(), block.tokens(), block.empty().subList(0, 2)))
                    .isFalse();
            assertThat(store.read(block.name(), block.tokens(), sizes(24, 0, 40))).isFalse();
            assertThat(store.read(block.name(), block.tokens(), sizes(41, 0, 24))).isFalse();
            assertThat(block.isRead(store)).isTrue();
            assertThat(store.stats().dropped()).isZero();
        }
    }

    @Test
    void tenantsDoNotSeeOneAnother() {
        SampleBlock ann = SampleBlock.small("ann", 1);
        SampleBlock bob = SampleBlock.small("bob", 1);
        try (BlockStore store = folder.open()) {
            ann.in(store);

            assertThat(store.has(bob.name())).isFalse();
            assertThat(bob.isRead(store)).isFalse();
        }
    }

    @Test
    void theOldestGoWhenTheCapIsReached() {
        List<SampleBlock> blocks = samples(6);
        long blockBytes = sealedBytes(blocks.getFirst());
        try (BlockStore store = folder.open(4 * blockBytes)) {
            for (int i = 0; i < 4; i++) {
                blocks.get(i).in(store);
                folder.clock().pass(Duration.ofMillis(10));
            }
            assertThat(blocks.get(0).isRead(store)).isTrue();
            blocks.get(4).in(store);
            blocks.get(5).in(store);

            assertThat(blocks.stream().map(block -> store.has(block.name())))
                    .containsExactly(true, false, false, true, true, true);
            assertThat(store.stats().bytes()).isEqualTo(4 * blockBytes);
        }
        assertThat(folder.blockFiles()).hasSize(4);
    }

    @Test
    void theOrderOfUseSurvivesARestart() {
        List<SampleBlock> blocks = samples(4);
        long blockBytes = sealedBytes(blocks.getFirst());
        try (BlockStore store = folder.open()) {
            for (SampleBlock block : blocks.subList(0, 3)) {
                block.in(store);
            }
            folder.clock().pass(Duration.ofMinutes(2));
            blocks.get(0).isRead(store);
            folder.clock().pass(Duration.ofMinutes(2));
            blocks.get(2).isRead(store);
        }

        try (BlockStore store = folder.open(2 * blockBytes)) {
            blocks.get(3).in(store);
            assertThat(blocks.stream().map(block -> store.has(block.name())))
                    .containsExactly(false, false, true, true);
        }
    }

    @Test
    void aFileIsTouchedOnceAMinuteAtMost() throws IOException {
        SampleBlock block = SampleBlock.small("ann", 1);
        try (BlockStore store = folder.open()) {
            block.in(store);
            Files.setLastModifiedTime(folder.blockFile(), FileTime.fromMillis(0));
            folder.clock().pass(Duration.ofSeconds(59));
            block.isRead(store);
            assertThat(Files.getLastModifiedTime(folder.blockFile()).toMillis()).isZero();
            folder.clock().pass(Duration.ofSeconds(1));
            block.isRead(store);
            assertThat(Files.getLastModifiedTime(folder.blockFile()).toMillis())
                    .isEqualTo(folder.clock().millis());
        }
    }

    @Test
    void aBlockBeyondALimitIsRefused() {
        SampleBlock large = SampleBlock.of("ann", 1, 10_000);
        try (BlockStore store = folder.open(10_000)) {
            assertThat(large.offerTo(store)).isFalse();
            assertThat(store.offer(large.name(), new int[1 << 17], List.of())).isFalse();
            assertThat(store.read(large.name(), new int[1 << 17], List.of())).isFalse();
            assertThat(store.stats().refused()).isEqualTo(2);
        }
    }

    @Test
    void twoStoresShareAFolder() {
        SampleBlock first = SampleBlock.small("ann", 1);
        SampleBlock second = SampleBlock.small("ann", 2);
        try (BlockStore here = folder.open();
                BlockStore there = folder.open()) {
            first.in(here);
            assertThat(there.has(first.name())).isFalse();
            there.flush();
            assertThat(there.has(first.name())).as("listed too early").isFalse();

            folder.clock().pass(LISTING);
            assertThat(there.has(first.name())).isFalse();
            there.flush();
            assertThat(there.has(first.name())).isTrue();
            assertThat(first.isRead(there)).isTrue();

            second.in(there);
            folder.clock().pass(LISTING);
            here.has(second.name());
            here.flush();
            assertThat(second.isRead(here)).isTrue();
        }
    }

    @Test
    void whatTheOtherStoreDeletedIsAMissAndCanBeOfferedAgain() throws IOException {
        SampleBlock block = SampleBlock.small("ann", 1);
        try (BlockStore here = folder.open()) {
            block.in(here);
            Files.delete(folder.blockFile());
            assertThat(here.has(block.name())).isTrue();
            assertThat(block.isRead(here)).isFalse();
            assertThat(here.has(block.name())).isFalse();
            assertThat(block.in(here).isRead(here)).isTrue();
        }
    }

    @Test
    void bothStoresKeepTheCapOnceTheyHaveListed() {
        List<SampleBlock> blocks = samples(12);
        long blockBytes = sealedBytes(blocks.getFirst());
        try (BlockStore here = folder.open(4 * blockBytes);
                BlockStore there = folder.open(4 * blockBytes)) {
            for (int i = 0; i < blocks.size(); i++) {
                folder.clock().pass(LISTING);
                blocks.get(i).in(i % 2 == 0 ? here : there);
                assertThat(folder.blockFiles()).hasSizeLessThanOrEqualTo(4);
            }
        }
    }

    /// Whoever comes second takes the key of the first.
    @Test
    void storesThatBeginTogetherUseOneKey() {
        for (int round = 0; round < 10; round++) {
            String tenant = "tenant" + round;
            SampleBlock first = SampleBlock.small(tenant, 1);
            SampleBlock second = SampleBlock.small(tenant, 2);
            try (BlockStore here = folder.open();
                    BlockStore there = folder.open()) {
                first.offerTo(here);
                second.offerTo(there);
                here.flush();
                there.flush();
                folder.clock().pass(LISTING);
                here.has(second.name());
                there.has(first.name());
                here.flush();
                there.flush();
                assertThat(second.isRead(here)).as("round %d", round).isTrue();
                assertThat(first.isRead(there)).as("round %d", round).isTrue();
            }
        }
    }

    @Test
    void aFurtherTenantWaitsUntilAnotherHasNoBlocks() throws IOException {
        for (int i = 0; i < BlockWriter.TENANTS_MAX; i++) {
            Path tenant = folder.blocks().resolve("%064x".formatted(i));
            Files.createDirectories(tenant);
            Files.createFile(tenant.resolve("%064x.block".formatted(i)));
        }
        Path leaving = folder.blocks().resolve("%064x".formatted(7));
        SampleBlock block = SampleBlock.small("ann", 1);
        try (BlockStore store = folder.open()) {
            block.in(store);
            assertThat(block.isRead(store)).isFalse();

            Files.delete(leaving.resolve(leaving.getFileName() + ".block"));
            Files.createFile(leaving.resolve("key"));
            folder.clock().pass(LISTING);
            assertThat(block.in(store).isRead(store)).isTrue();
            assertThat(leaving).doesNotExist();
            assertThat(store.stats().blockCount()).isEqualTo(BlockWriter.TENANTS_MAX);
            assertThat(store.stats().writing()).isTrue();
        }
    }

    @Test
    void namesThatCouldBeTakenForOthersAreRefused() {
        Sha256 hash = SampleBlock.small("ann", 1).name().hash();
        assertThatThrownBy(() -> new BlockName("\ud800", hash))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BlockName("x".repeat(257), hash))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("257 characters");
        try (BlockStore store = folder.open()) {
            assertThatThrownBy(() -> store.eraseTenant("\ud800"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void foreignFilesAreIgnoredAndLeftAlone() throws IOException {
        SampleBlock block = SampleBlock.small("ann", 1);
        try (BlockStore store = folder.open()) {
            block.in(store);
        }
        Path sealed = folder.blockFile();
        List<Path> foreign =
                List.of(
                        folder.blocks().resolve("notes.txt"),
                        sealed.resolveSibling("README"),
                        sealed.resolveSibling("0123.block"),
                        sealed.resolveSibling("A".repeat(64) + ".block"),
                        sealed.resolveSibling("key.part"));
        for (Path file : foreign) {
            Files.writeString(file, "mine");
            Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        }

        try (BlockStore store = folder.open(sealedBytes(block))) {
            assertThat(store.stats().blockCount()).isEqualTo(1);
            SampleBlock.small("ann", 2).in(store);
            store.eraseTenant("ann");
        }
        assertThat(foreign).allMatch(Files::exists);
        assertThat(folder.files()).containsExactlyInAnyOrderElementsOf(foreign);
    }

    @Test
    void leftoversOfADeadProcessGoAndARunningWriteStays() throws IOException {
        SampleBlock block = SampleBlock.small("ann", 1);
        try (BlockStore store = folder.open()) {
            block.in(store);
        }
        Path dead =
                folder.blockFile()
                        .resolveSibling("a".repeat(64) + ".block." + "0".repeat(16) + ".part");
        Path deadKey = folder.blockFile().resolveSibling("key." + "1".repeat(16) + ".part");
        Path running =
                folder.blockFile()
                        .resolveSibling("b".repeat(64) + ".block." + "0".repeat(16) + ".part");
        for (Path file : List.of(dead, deadKey, running)) {
            Files.writeString(file, "half");
        }
        long now = folder.clock().millis();
        for (Path file : List.of(dead, deadKey)) {
            Files.setLastModifiedTime(
                    file, FileTime.fromMillis(now - FolderListing.LEFTOVER_MILLIS - 1));
        }

        try (BlockStore store = folder.open()) {
            assertThat(dead).doesNotExist();
            assertThat(deadKey).doesNotExist();
            assertThat(running).exists();
            assertThat(block.isRead(store)).isTrue();
            assertThat(store.stats().blockCount()).isEqualTo(1);
        }
    }

    @Test
    void filesAreForTheirOwnerOnly() throws IOException {
        try (BlockStore store = folder.open()) {
            SampleBlock.small("ann", 1).in(store);
        }

        for (Path file : folder.files()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        for (Path path : List.of(folder.blocks(), folder.blockFile().getParent())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aFolderThatCannotBeUsedIsNamed() throws IOException {
        Files.writeString(folder.blocks(), "a file");

        assertThatThrownBy(folder::open)
                .isInstanceOf(BlockStoreException.class)
                .hasMessageContaining(folder.blocks().toString())
                .hasMessageContaining("choose another one");
    }

    @Test
    void aClosedStoreMisses() {
        SampleBlock block = SampleBlock.small("ann", 1);
        BlockStore store = folder.open();
        block.in(store);
        store.close();
        store.close();

        assertThat(store.has(block.name())).isFalse();
        assertThat(block.isRead(store)).isFalse();
        assertThat(SampleBlock.small("ann", 2).offerTo(store)).isFalse();
        store.flush();
        assertThat(folder.blockFiles()).hasSize(1);
    }

    @Test
    void aPrefixIsReadUpToTheFirstMiss() throws IOException {
        List<SampleBlock> blocks = samples(30);
        try (BlockStore store = folder.open()) {
            blocks.forEach(block -> block.in(store));
            List<BlockRead> wanted = blocks.stream().map(SampleBlock::wanted).toList();

            assertThat(store.readPrefix(wanted)).isEqualTo(30);
            for (int i = 0; i < 30; i++) {
                assertThat(wanted.get(i).parts()).isEqualTo(blocks.get(i).parts());
            }
            assertThat(store.readPrefix(List.of())).isZero();

            for (int missing : new int[] {29, 17, 1, 0}) {
                delete(store, blocks.get(missing));
                assertThat(store.readPrefix(wanted)).isEqualTo(missing);
            }
        }
    }

    private void delete(BlockStore store, SampleBlock block) throws IOException {
        List<Path> before = folder.blockFiles();
        for (Path file : before) {
            byte[] content = Files.readAllBytes(file);
            Files.delete(file);
            if (!block.isRead(store)) {
                return;
            }
            Files.write(file, content);
        }
        throw new AssertionError("no file holds the block");
    }

    private static List<SampleBlock> samples(int count) {
        return IntStream.range(0, count).mapToObj(i -> SampleBlock.small("ann", i)).toList();
    }

    private static long sealedBytes(SampleBlock block) {
        return BlockContent.of(block.name(), block.tokens(), block.parts()).sealedBytes();
    }

    private static int identityBytes(SampleBlock block) {
        return BlockContent.of(block.name(), block.tokens(), block.parts()).identity().length;
    }

    private static List<ByteBuffer> sizes(int... bytes) {
        return IntStream.of(bytes).mapToObj(ByteBuffer::allocateDirect).toList();
    }
}
