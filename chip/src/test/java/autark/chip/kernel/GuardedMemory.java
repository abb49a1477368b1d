package autark.chip.kernel;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Memory that lies flush against pages that nobody may touch, on both sides in turn, so that one
/// byte too far ends the process.
@SuppressWarnings("restricted")
final class GuardedMemory {
    private static final int PAGE_BYTES = 4096;
    private static final int PROT_NONE = 0;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

    private static final MethodHandle MMAP =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().find("mmap").orElseThrow(),
                            FunctionDescriptor.of(
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_LONG));
    private static final MethodHandle MPROTECT =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().find("mprotect").orElseThrow(),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_INT));

    private GuardedMemory() {}

    /// Which side of the memory the forbidden page is on.
    enum Side {
        BEFORE,
        BEHIND
    }

    /// A copy of `content` with a forbidden page on one side.
    static MemorySegment copy(MemorySegment content, Side side) {
        long bytes = content.byteSize();
        long pages = Math.ceilDiv(bytes, (long) PAGE_BYTES) * PAGE_BYTES;
        try {
            MemorySegment mapped =
                    (MemorySegment)
                            MMAP.invokeExact(
                                    0L,
                                    pages + 2 * PAGE_BYTES,
                                    PROT_READ_WRITE,
                                    MAP_PRIVATE_ANONYMOUS,
                                    -1,
                                    0L);
            long start = mapped.address();
            forbid(start);
            forbid(start + PAGE_BYTES + pages);
            long first =
                    switch (side) {
                        case BEFORE -> start + PAGE_BYTES;
                        case BEHIND -> start + PAGE_BYTES + pages - bytes;
                    };
            MemorySegment guarded = MemorySegment.ofAddress(first).reinterpret(bytes);
            return guarded.copyFrom(content);
        } catch (Throwable e) {
            throw new IllegalStateException("mapping memory failed", e);
        }
    }

    private static void forbid(long page) throws Throwable {
        int result = (int) MPROTECT.invokeExact(page, (long) PAGE_BYTES, PROT_NONE);
        if (result != 0) {
            throw new IllegalStateException("mprotect failed");
        }
    }
}
