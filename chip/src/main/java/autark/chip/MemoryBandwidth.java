package autark.chip;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// How fast the memory of this machine is read: the limit for writing tokens, since each of them
/// takes all weights once.
public final class MemoryBandwidth {
    private static final long BUFFER_BYTES_MIN = 1L << 28;
    private static final long BUFFER_BYTES_MAX = 1L << 31;

    /// So much more than the last cache holds, that next to nothing of it is read from there.
    private static final int CACHES_PER_BUFFER = 4;

    /// What the process needs beside the buffer.
    private static final long RESERVE_BYTES = 1L << 26;

    /// What one measurement reads: few milliseconds, so that some of them run undisturbed even
    /// where other processes are at work.
    private static final long SLICE_BYTES = 1L << 27;

    private static final int TILE_BYTES = 1 << 20;

    /// What is read in all. The first slices also compile the loop.
    private static final long TOTAL_BYTES = 6L << 30;

    private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");
    private static final int CACHE_COUNT_MAX = 8;
    private static final long BYTES_PER_KIBIBYTE = 1024;
    private static final double NANOS_PER_SECOND = 1e9;

    private MemoryBandwidth() {}

    /// Bytes a second that the threads of `pool` read together at best, or nothing if there is no
    /// memory to measure with. Takes about half a second, and 256 MiB or four times the last cache.
    public static OptionalDouble bytesPerSecond(WorkerPool pool) {
        return bytesPerSecond(pool, bufferBytes(CACHES), AvailableMemory.bytes());
    }

    static OptionalDouble bytesPerSecond(
            WorkerPool pool, long bufferBytes, OptionalLong availableBytes) {
        if (availableBytes.orElse(Long.MAX_VALUE) < bufferBytes + RESERVE_BYTES) {
            return OptionalDouble.empty();
        }
        try (Arena arena = Arena.ofShared()) {
            MemorySegment buffer = arena.allocate(bufferBytes, TILE_BYTES);
            long best = Long.MAX_VALUE;
            for (long read = 0; read < TOTAL_BYTES; read += SLICE_BYTES) {
                MemorySegment slice = buffer.asSlice(read % bufferBytes, SLICE_BYTES);
                best = Math.min(best, nanosToRead(slice, pool));
            }
            return OptionalDouble.of(SLICE_BYTES * NANOS_PER_SECOND / best);
        }
    }

    /// A whole number of slices.
    ///
    /// @param caches the folder where Linux describes the caches of a core
    static long bufferBytes(Path caches) {
        long wanted = CACHES_PER_BUFFER * lastCacheBytes(caches);
        long slices = Math.ceilDiv(wanted, SLICE_BYTES);
        return Math.clamp(slices * SLICE_BYTES, BUFFER_BYTES_MIN, BUFFER_BYTES_MAX);
    }

    /// The largest cache, 0 if the system does not tell.
    private static long lastCacheBytes(Path caches) {
        long largest = 0;
        for (int index = 0; index < CACHE_COUNT_MAX; index++) {
            Path file = caches.resolve("index" + index).resolve("size");
            if (Files.isReadable(file)) {
                largest = Math.max(largest, cacheBytes(file));
            }
        }
        return largest;
    }

    /// A size like `32768K`.
    private static long cacheBytes(Path file) {
        try {
            String text = Files.readString(file).strip();
            return text.matches("\\d{1,9}K")
                    ? BYTES_PER_KIBIBYTE * Long.parseLong(text.substring(0, text.length() - 1))
                    : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private static long nanosToRead(MemorySegment slice, WorkerPool pool) {
        int tileCount = (int) (SLICE_BYTES / TILE_BYTES);
        long[] sums = new long[tileCount];
        long start = System.nanoTime();
        pool.run(tileCount, tile -> sums[tile] = sum(slice, (long) tile * TILE_BYTES));
        return System.nanoTime() - start;
    }

    /// Four sums that do not wait for one another.
    private static long sum(MemorySegment slice, long start) {
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        for (int i = 0; i < TILE_BYTES; i += 4 * Long.BYTES) {
            long at = start + i;
            a += slice.get(ValueLayout.JAVA_LONG, at);
            b += slice.get(ValueLayout.JAVA_LONG, at + Long.BYTES);
            c += slice.get(ValueLayout.JAVA_LONG, at + 2 * Long.BYTES);
            d += slice.get(ValueLayout.JAVA_LONG, at + 3 * Long.BYTES);
        }
        return a + b + c + d;
    }
}
