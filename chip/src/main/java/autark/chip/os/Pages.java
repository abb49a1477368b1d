package autark.chip.os;

import autark.chip.os.SystemCalls.Result;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/// Large anonymous memory straight from the system. It comes as zeros without being written, and
/// where Linux can, in huge pages, which spares most of the misses of the address translation when
/// all weights are read for each token.
public final class Pages {
    private static final long HUGE_PAGE_BYTES = 2L << 20;
    private static final int ALIGNMENT_BYTES = 64;

    private static final long PROT_READ_WRITE = 3;
    private static final long MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
    private static final long MADV_HUGEPAGE = 14;
    private static final long NO_FILE = -1;
    private static final long FAILED = -1;

    private Pages() {}

    /// Fresh zeros that live as long as `arena`.
    ///
    /// @throws OutOfMemoryError if the system has no such memory
    public static MemorySegment allocate(long bytes, Arena arena) {
        return comeWhenWritten()
                ? allocate(bytes, arena, new NativeCalls())
                : arena.allocate(bytes, ALIGNMENT_BYTES);
    }

    /// Whether memory takes room only from when it is written.
    public static boolean comeWhenWritten() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
    }

    /// On Linux. The mapping is larger by a huge page, so that the memory can begin at a multiple
    /// of one.
    @SuppressWarnings("restricted") // these are the pages that were just mapped
    static MemorySegment allocate(long bytes, Arena arena, SystemCalls calls) {
        long mapped = Math.addExact(bytes, HUGE_PAGE_BYTES);
        Result start =
                calls.call(
                        "mmap",
                        0,
                        mapped,
                        PROT_READ_WRITE,
                        MAP_PRIVATE_ANONYMOUS_NORESERVE,
                        NO_FILE,
                        0);
        if (start.value() == FAILED) {
            throw new OutOfMemoryError(
                    "found no room for %d bytes: mmap failed with error %d"
                            .formatted(bytes, start.error()));
        }
        long first = Math.ceilDiv(start.value(), HUGE_PAGE_BYTES) * HUGE_PAGE_BYTES;
        // A wish: where the system does not grant it, pages are small.
        calls.call("madvise", first, bytes, MADV_HUGEPAGE);
        try {
            return MemorySegment.ofAddress(first)
                    .reinterpret(bytes, arena, _ -> calls.call("munmap", start.value(), mapped));
        } catch (IllegalStateException e) {
            // The arena is closed, so nobody else would.
            calls.call("munmap", start.value(), mapped);
            throw e;
        }
    }
}
