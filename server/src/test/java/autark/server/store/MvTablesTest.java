package autark.server.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.server.http.ApiException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MvTablesTest {
    private static final String TEST = TestDisk.SCHEME + ":";

    @TempDir private Path folder;

    @Test
    void tenantsLeaveTheDiskSomeRoomAndTheServersBooksGoOn() {
        try (MvTables tables = MvTables.open(folder, "", 5_000, Long.MAX_VALUE)) {
            tables.table("keys", "").put("a", new byte[1]);
            Table table = tables.table("files", "a");
            assertThatThrownBy(() -> table.put("a", new byte[1]))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("no more room");
            assertThat(table.names()).isEmpty();
            assertThat(tables.failure()).isEmpty();
        }
    }

    @Test
    void valuesOutliveTheProcess() {
        byte[] large = new byte[3 << 20];
        new SplittableRandom(1).nextBytes(large);
        try (MvTables tables = MvTables.open(folder)) {
            Table table = tables.table("files", "a");
            table.put("b", large);
            table.put("a", "one".getBytes(UTF_8));
            table.put("a", "two".getBytes(UTF_8));
            table.put("empty", new byte[0]);
            table.put("gone", new byte[1]);
            assertThat(table.remove("gone")).isTrue();
            assertThat(table.remove("gone")).isFalse();
        }
        try (MvTables tables = MvTables.open(folder)) {
            Table table = tables.table("files", "a");
            assertThat(table.names()).containsExactly("a", "b", "empty");
            assertThat(table.get("a")).contains("two".getBytes(UTF_8));
            assertThat(table.get("b")).contains(large);
            assertThat(table.get("empty")).contains(new byte[0]);
            assertThat(table.get("gone")).isEmpty();
        }
    }

    @Test
    void tenantsAndKindsDoNotMeet() {
        try (MvTables tables = MvTables.open(folder)) {
            tables.table("files", "a").put("x", new byte[] {1});
            for (Table other :
                    List.of(
                            tables.table("files", "b"),
                            tables.table("files", ""),
                            tables.table("responses", "a"))) {
                assertThat(other.get("x")).isEmpty();
                assertThat(other.names()).isEmpty();
                assertThat(other.remove("x")).isFalse();
            }
            assertThat(tables.table("files", "a").get("x")).contains(new byte[] {1});
        }
    }

    @Test
    void oneProcessAtATime() {
        try (MvTables first = MvTables.open(folder)) {
            assertThatThrownBy(() -> MvTables.open(folder))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContainingAll("another process", "AUTARK_DATA");
            first.table("t", "").put("a", new byte[1]);
        }
        MvTables.open(folder).close();
    }

    @Test
    void manyWritersShareFlushes() throws InterruptedException {
        TestDisk.Log log = TestDisk.log(folder);
        int writers = 16;
        int each = 50;
        try (MvTables tables = MvTables.open(folder, TEST, 5_000, 0)) {
            CountDownLatch done = new CountDownLatch(writers);
            for (int writer = 0; writer < writers; writer++) {
                int number = writer;
                Thread.ofVirtual()
                        .start(() -> {
                            for (int i = 0; i < each; i++) {
                                tables.table("t", "tenant" + number % 3)
                                        .put(number + "." + i, new byte[100]);
                            }
                            done.countDown();
                        });
            }
            done.await();
        }
        try (MvTables tables = MvTables.open(folder)) {
            int count = 0;
            for (int tenant = 0; tenant < 3; tenant++) {
                count += tables.table("t", "tenant" + tenant).names().size();
            }
            assertThat(count).isEqualTo(writers * each);
        }
        long flushes = log.events.stream().filter(TestDisk.Event.Flush.class::isInstance).count();
        assertThat(flushes).isLessThan(4L * writers * each);
    }

    @Test
    void afterAFailedFlushNothingIsWrittenAndAllCanBeRead() {
        TestDisk.Log log = TestDisk.log(folder);
        try (MvTables tables = MvTables.open(folder, TEST, 5_000, 0)) {
            Table table = tables.table("t", "");
            table.put("kept", new byte[] {1});
            log.failsToFlush = true;
            assertStopped(tables, table, log);
            log.failsToFlush = false; // the next flush would seem to succeed
            assertStopped(tables, table, log);
        }
        try (MvTables tables = MvTables.open(folder, TEST, 5_000, 0)) {
            assertThat(tables.table("t", "").get("kept")).contains(new byte[] {1});
        }
    }

    @Test
    void afterAFailedWriteNothingIsWrittenAndAllCanBeRead() {
        TestDisk.Log log = TestDisk.log(folder);
        try (MvTables tables = MvTables.open(folder, TEST, 5_000, 0)) {
            Table table = tables.table("t", "");
            table.put("kept", new byte[] {1});
            log.failsToWrite = true;
            assertStopped(tables, table, log);
            log.failsToWrite = false;
            assertStopped(tables, table, log);
        }
        try (MvTables tables = MvTables.open(folder, TEST, 5_000, 0)) {
            assertThat(tables.table("t", "").names()).containsExactly("kept");
            tables.table("t", "").put("again", new byte[1]);
        }
    }

    private static void assertStopped(MvTables tables, Table table, TestDisk.Log log) {
        assertThatThrownBy(() -> table.put("lost", new byte[1]))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("takes no more changes");
        int events = log.size();
        assertThatThrownBy(() -> table.remove("kept")).isInstanceOf(StoreException.class);
        assertThat(log.size()).isEqualTo(events);
        assertThat(table.get("kept")).contains(new byte[] {1});
        assertThat(tables.failure()).isPresent();
    }

    /// Each byte of some records, in name and value, on disk.
    @Test
    void eachChangedByteIsFound() throws IOException {
        int count = 4;
        List<byte[]> values = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(7);
        try (MvTables tables = MvTables.open(folder)) {
            for (int i = 0; i < count; i++) {
                byte[] value = new byte[40 + i];
                random.nextBytes(value);
                values.add(value);
                tables.table("t", "x").put("record-number-" + i, value);
            }
        }
        Path file = folder.resolve("store.mv");
        byte[] good = Files.readAllBytes(file);
        String text = new String(good, StandardCharsets.ISO_8859_1);
        int valueBytes = 56 + 42;
        int begin = text.lastIndexOf("record-number-2");
        int nameBytes = "record-number-2".length() + Integer.BYTES;
        int sealed = text.indexOf("autksea", text.lastIndexOf("record-number-3"));
        assertThat(begin).isPositive();

        for (int at = begin; at < begin + nameBytes; at++) {
            flip(file, good, at);
            try (MvTables tables = MvTables.open(folder)) {
                assertThatThrownBy(() -> tables.table("t", "x").get("record-number-2"))
                        .as("byte %d of the name", at - begin)
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("record-number-2");
            }
        }
        int second = sealedBegin(text, sealed, 2);
        for (int at = second; at < second + valueBytes; at++) {
            flip(file, good, at);
            try (MvTables tables = MvTables.open(folder)) {
                Table table = tables.table("t", "x");
                assertThatThrownBy(() -> table.get("record-number-2"))
                        .as("byte %d of the value", at - second)
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("record-number-2");
                for (int other : new int[] {0, 1, 3}) {
                    assertThat(table.get("record-number-" + other)).contains(values.get(other));
                }
            }
        }
    }

    private static int sealedBegin(String text, int first, int index) {
        int begin = first;
        for (int i = 0; i < index; i++) {
            begin = text.indexOf("autksea", begin + 1);
        }
        return begin;
    }

    private static void flip(Path file, byte[] good, int at) throws IOException {
        byte[] bad = good.clone();
        bad[at] ^= 0x10;
        Files.write(file, bad);
    }

    @Test
    void aCutFileIsFound() throws IOException {
        try (MvTables tables = MvTables.open(folder)) {
            for (int i = 0; i < 20; i++) {
                tables.table("t", "").put("n" + i, ("value " + i).getBytes(UTF_8));
            }
        }
        Path file = folder.resolve("store.mv");
        byte[] good = Files.readAllBytes(file);
        for (int length = 1024; length < good.length; length += 1024) {
            Files.write(file, Arrays.copyOf(good, length));
            assertThatThrownBy(() -> MvTables.open(folder))
                    .as("%d of %d bytes", length, good.length)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("damaged");
        }
    }

    @Test
    void swappedRecordsDoNotOpen() throws IOException {
        try (MvTables tables = MvTables.open(folder)) {
            Table a = tables.table("t", "a");
            a.put("one", new byte[] {1});
            a.put("two", new byte[] {2});
            tables.table("t", "b").put("one", new byte[] {3});
            tables.table("u", "a").put("one", new byte[] {4});
        }
        String[][] others = {{"t", "a", "two"}, {"t", "b", "one"}, {"u", "a", "one"}};
        TenantKeys keys = TenantKeys.open(folder);
        try (MVStore raw = MVStore.open(folder.resolve("store.mv").toString())) {
            byte[] foreign = raw.openMap("t." + keys.publicName("a"), MvTables.MAPS).get("one");
            for (String[] other : others) {
                raw.openMap(other[0] + "." + keys.publicName(other[1]), MvTables.MAPS)
                        .put(other[2], foreign);
            }
        }
        try (MvTables tables = MvTables.open(folder)) {
            for (String[] other : others) {
                assertThatThrownBy(() -> tables.table(other[0], other[1]).get(other[2]))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("not what was stored under this name");
            }
            assertThat(tables.table("t", "a").get("one")).contains(new byte[] {1});
        }
    }

    @Test
    void noValueIsReadableOnDisk() throws IOException {
        String canary = "the canary sings of secret prompts";
        try (MvTables tables = MvTables.open(folder)) {
            for (int i = 0; i < 50; i++) {
                tables.table("responses", "tenant-of-the-canary")
                        .put("r" + i, (canary + i).repeat(30).getBytes(UTF_8));
            }
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertThat(bytes).doesNotContain("canary").doesNotContain("secret prompts");
            }
        }
    }

    @Test
    void whatIsErasedOpensNoMoreAlsoFromACopy() throws IOException {
        byte[] copy;
        try (MvTables tables = MvTables.open(folder)) {
            tables.table("t", "gone").put("a", new byte[] {1});
            tables.table("t", "here").put("a", new byte[] {2});
        }
        copy = Files.readAllBytes(folder.resolve("store.mv"));
        try (MvTables tables = MvTables.open(folder)) {
            tables.erase("gone");
            assertThat(tables.table("t", "gone").get("a")).isEmpty();
            tables.table("t", "gone").put("new", new byte[] {3}); // under a new key
            assertThat(tables.table("t", "gone").get("new")).contains(new byte[] {3});
            assertThat(tables.table("t", "here").get("a")).contains(new byte[] {2});
        }
        Files.write(folder.resolve("store.mv"), copy);
        try (MvTables tables = MvTables.open(folder)) {
            assertThatThrownBy(() -> tables.table("t", "gone").get("a"))
                    .isInstanceOf(StoreException.class);
            assertThat(tables.table("t", "here").get("a")).contains(new byte[] {2});
        }
    }

    @Test
    void theFileDoesNotGrowForEver() throws IOException {
        TestDisk.log(folder);
        int names = 10;
        int changes = 700;
        try (MvTables tables = MvTables.open(folder, TEST, 0, 0)) {
            for (int i = 0; i < changes; i++) {
                byte[] value = new byte[100_000];
                Arrays.fill(value, (byte) i);
                tables.table("t", "").put("n" + i % names, value);
            }
            assertThat(Files.size(folder.resolve("store.mv"))).isLessThan(32 << 20);
        }
        try (MvTables tables = MvTables.open(folder)) {
            for (int i = changes - names; i < changes; i++) {
                byte[] value = tables.table("t", "").get("n" + i % names).orElseThrow();
                assertThat(value).hasSize(100_000).containsOnly((byte) i);
            }
        }
    }
}
