package autark.chip.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/// Large anonymous memory straight from the system. It comes as zeros without being written, and
/// where Linux can, in huge pages, which spares most of the misses of the address translation when
/// all weights are read for each token.
@SuppressWarnings("restricted") // the package is the one place that asks for such memory
public final class Pages {
    private static final long HUGE_PAGE_BYTES = 2L << 20;
    private static final int ALIGNMENT_BYTES = 64;

    private Pages() {}

    /// Fresh zeros that live as long as `arena`.
    public static MemorySegment allocate(long bytes, Arena arena) {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
            return arena.allocate(bytes, ALIGNMENT_BYTES);
        }
        return Linux.allocate(bytes, arena);
    }

    /// The calls of Linux.
    private static final class Linux {
        private static final int PROT_READ_WRITE = 3;
        private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
        private static final int MADV_HUGEPAGE = 14;

        private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
        private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
        private static final MethodHandle MMAP =
                handle("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));
        private static final MethodHandle MUNMAP =
                handle("munmap", FunctionDescriptor.of(INT, LONG, LONG));
        private static final MethodHandle MADVISE =
                handle("madvise", FunctionDescriptor.of(INT, LONG, LONG, INT));

        private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().find(name).orElseThrow(), descriptor);
        }

        static MemorySegment allocate(long bytes, Arena arena) {
            long mapped = Math.addExact(bytes, HUGE_PAGE_BYTES);
            long start = map(mapped);
            long first = (start + HUGE_PAGE_BYTES - 1) / HUGE_PAGE_BYTES * HUGE_PAGE_BYTES;
            advise(first, bytes);
            return MemorySegment.ofAddress(first)
                    .reinterpret(bytes, arena, _ -> unmap(start, mapped));
        }

        private static long map(long bytes) {
            try {
                long address =
                        (long)
                                MMAP.invokeExact(
                                        0L,
                                        bytes,
                                        PROT_READ_WRITE,
                                        MAP_PRIVATE_ANONYMOUS_NORESERVE,
                                        -1,
                                        0L);
                if (address == -1) {
                    throw new OutOfMemoryError(
                            "found no room for %d bytes of weights".formatted(bytes));
                }
                return address;
            } catch (Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("mapping memory failed", e);
            }
        }

        /// A wish: where the system does not grant it, pages are small.
        private static void advise(long address, long bytes) {
            try {
                int _ = (int) MADVISE.invokeExact(address, bytes, MADV_HUGEPAGE);
            } catch (Throwable e) {
                throw new IllegalStateException("advising on memory failed", e);
            }
        }

        private static void unmap(long address, long bytes) {
            try {
                int _ = (int) MUNMAP.invokeExact(address, bytes);
            } catch (Throwable e) {
                throw new IllegalStateException("unmapping memory failed", e);
            }
        }
    }
}
