package autark.chip;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// How fast the memory of this machine is read: the limit for writing tokens, since each of them
/// takes all weights once.
public final class MemoryBandwidth {
    /// More than the caches of a chip hold.
    private static final long BUFFER_BYTES = 1L << 30;

    /// What one measurement reads: few milliseconds, so that some of them run undisturbed even
    /// where other processes are at work.
    private static final long SLICE_BYTES = 1L << 27;

    private static final int TILE_BYTES = 1 << 20;

    /// How often the buffer is read. The first time also compiles the loop.
    private static final int PASSES = 6;

    private static final double NANOS_PER_SECOND = 1e9;

    private MemoryBandwidth() {}

    /// Bytes a second that the threads of `pool` read together at best. Takes about a second and a
    /// gibibyte of memory.
    public static double bytesPerSecond(WorkerPool pool) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment buffer = arena.allocate(BUFFER_BYTES, TILE_BYTES);
            long best = Long.MAX_VALUE;
            for (int pass = 0; pass < PASSES; pass++) {
                for (long start = 0; start < BUFFER_BYTES; start += SLICE_BYTES) {
                    best = Math.min(best, nanosToRead(buffer.asSlice(start, SLICE_BYTES), pool));
                }
            }
            return SLICE_BYTES * NANOS_PER_SECOND / best;
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
