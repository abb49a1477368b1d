package autark.chip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryBandwidthTest {
    private static final long MIB = 1L << 20;

    @Test
    void theBufferIsSeveralTimesTheLastCacheWithinLimits(@TempDir Path caches) throws IOException {
        assertThat(MemoryBandwidth.bufferBytes(caches)).isEqualTo(256 * MIB);
        cache(caches, 0, "48K");
        cache(caches, 3, (100 << 10) + "K\n");
        assertThat(MemoryBandwidth.bufferBytes(caches)).isEqualTo(512 * MIB);
        cache(caches, 3, (800 << 10) + "K\n");
        assertThat(MemoryBandwidth.bufferBytes(caches)).isEqualTo(2048 * MIB);
        cache(caches, 3, "large");
        assertThat(MemoryBandwidth.bufferBytes(caches)).isEqualTo(256 * MIB);
    }

    @Test
    void withoutMemoryNothingIsMeasured() {
        try (WorkerPool pool = WorkerPool.start(1)) {
            OptionalLong little = OptionalLong.of(319 * MIB);
            assertThat(MemoryBandwidth.bytesPerSecond(pool, 256 * MIB, little)).isEmpty();
        }
    }

    @Test
    void memoryIsRead() {
        try (WorkerPool pool = WorkerPool.start(2)) {
            OptionalLong enough = OptionalLong.of(320 * MIB);
            assertThat(MemoryBandwidth.bytesPerSecond(pool, 256 * MIB, enough).orElseThrow())
                    .isBetween(1e8, 1e13);
            assertThat(MultiplyRate.perSecond(Chip.current().kernels(), pool)).isBetween(1e6, 1e15);
        }
    }

    private static void cache(Path caches, int index, String size) throws IOException {
        Path folder = Files.createDirectories(caches.resolve("index" + index));
        Files.writeString(folder.resolve("size"), size);
    }
}
