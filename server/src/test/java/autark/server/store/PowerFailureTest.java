package autark.server.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Power failures at any moment: what was acknowledged is there, what was never put is not.
///
/// Of what was written since the last flush each sector may have reached the medium or not; a
/// sector is whole or untouched.
class PowerFailureTest {
    private static final int SECTOR_BYTES = 512;
    private static final int CHANGES = 40;
    private static final int FAILURES = 25;
    private static final int IMAGE_BYTES_MAX = 8 << 20;

    @TempDir private Path folder;

    /// A table as it has to be.
    ///
    /// @param events how many events the disk had seen when the last change was acknowledged
    private record Moment(int events, Map<String, String> content) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void nothingAcknowledgedIsLost(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Path living = folder.resolve("living");
        TestDisk.Log log = TestDisk.log(living);
        List<Moment> moments = live(living, log, random);

        for (int failure = 0; failure < FAILURES; failure++) {
            int cut = random.nextInt(moments.getFirst().events(), log.size() + 1);
            Path dead = folder.resolve("dead" + failure);
            copyKeys(living, dead);
            Files.write(dead.resolve("store.mv"), image(log.events.subList(0, cut), random));

            int last = 0;
            while (last + 1 < moments.size() && moments.get(last + 1).events() <= cut) {
                last++;
            }
            List<Map<String, String>> allowed =
                    moments.subList(last, Math.min(moments.size(), last + 2)).stream()
                            .map(Moment::content)
                            .toList();
            TestDisk.log(dead);
            try (MvTables tables = MvTables.open(dead, TestDisk.SCHEME + ":", 0, 0)) {
                assertThat(content(tables))
                        .as("seed %d, power fails after %d of %d events", seed, cut, log.size())
                        .isIn(allowed);
                tables.table("t", "").put("after", new byte[100]); // it goes on
            }
        }
    }

    /// Changes a table and now and then closes it.
    private static List<Moment> live(Path living, TestDisk.Log log, SplittableRandom random) {
        List<Moment> moments = new ArrayList<>();
        TreeMap<String, String> content = new TreeMap<>();
        MvTables tables = MvTables.open(living, TestDisk.SCHEME + ":", 0, 0);
        tables.table("t", "").put("first", new byte[1]);
        content.put("first", "\0");
        moments.add(new Moment(log.size(), Map.copyOf(content)));
        for (int change = 0; change < CHANGES; change++) {
            String name = "name" + random.nextInt(12);
            Table table = tables.table("t", "");
            if (random.nextInt(4) == 0) {
                table.remove(name);
                content.remove(name);
            } else {
                String value = "%d ".formatted(random.nextInt()).repeat(random.nextInt(1, 900));
                table.put(name, value.getBytes(UTF_8));
                content.put(name, value);
            }
            moments.add(new Moment(log.size(), Map.copyOf(content)));
            if (random.nextInt(8) == 0) {
                tables.close();
                tables = MvTables.open(living, TestDisk.SCHEME + ":", 0, 0);
            }
        }
        tables.close();
        return moments;
    }

    /// What the medium holds if the power fails after these events.
    private static byte[] image(List<TestDisk.Event> events, SplittableRandom random) {
        int flushed = events.size();
        while (flushed > 0 && !(events.get(flushed - 1) instanceof TestDisk.Event.Flush)) {
            flushed--;
        }
        int percent = random.nextInt(101);
        ByteBuffer image = ByteBuffer.allocate(IMAGE_BYTES_MAX);
        int end = 0;
        for (int index = 0; index < events.size(); index++) {
            boolean sure = index < flushed;
            switch (events.get(index)) {
                case TestDisk.Event.Flush _ -> {}
                case TestDisk.Event.Truncate(long size) -> {
                    if (sure || random.nextInt(100) < percent) {
                        image.put((int) size, new byte[Math.max(0, end - (int) size)]);
                        end = (int) size;
                    }
                }
                case TestDisk.Event.Write(long position, byte[] bytes) -> {
                    for (int at = 0; at < bytes.length; at += SECTOR_BYTES) {
                        int count = Math.min(SECTOR_BYTES, bytes.length - at);
                        if (sure || random.nextInt(100) < percent) {
                            image.put((int) position + at, bytes, at, count);
                            end = Math.max(end, (int) position + at + count);
                        }
                    }
                }
            }
        }
        return Arrays.copyOf(image.array(), end);
    }

    private static void copyKeys(Path from, Path to) throws IOException {
        Files.createDirectories(to.resolve("tenants"));
        Files.copy(from.resolve("store.key"), to.resolve("store.key"));
        try (Stream<Path> keys = Files.list(from.resolve("tenants"))) {
            for (Path key : keys.toList()) {
                Files.copy(key, to.resolve("tenants").resolve(key.getFileName()));
            }
        }
    }

    private static Map<String, String> content(MvTables tables) {
        Table table = tables.table("t", "");
        Map<String, String> content = new TreeMap<>();
        for (String name : table.names()) {
            content.put(name, new String(table.get(name).orElseThrow(), UTF_8));
        }
        return content;
    }
}
