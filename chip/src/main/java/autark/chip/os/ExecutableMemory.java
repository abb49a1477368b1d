package autark.chip.os;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// Machine code made callable, with pages that are never writable and executable at once.
///
/// Pages are mapped readable and writable, filled, and then sealed as readable and executable
/// before anything can call them; they are never made writable again. They live as long as the
/// process.
///
/// Sealing is for any thread. Code may be called from any thread that learned its entry from the
/// one that sealed it.
public final class ExecutableMemory {
    /// Each code starts at a cache line, where processors like to fetch from.
    static final long ALIGNMENT_BYTES = 64;

    private static final CodePages PAGES =
            CodePages.of(
                    System.getProperty("os.name"),
                    System.getProperty("os.arch"),
                    new NativeCalls());

    private ExecutableMemory() {}

    /// Copies `code` to fresh pages and seals them.
    ///
    /// @return the code, whose address is the entry
    /// @throws ExecutionDeniedException if the system refuses memory or the right to execute it
    public static MemorySegment seal(byte[] code) {
        return seal(List.of(code)).getFirst();
    }

    /// Copies several codes to pages that they share and seals all at once, so that a whole kernel
    /// set costs two calls of the system.
    ///
    /// @return the codes in their order; the address of each is its entry
    /// @throws ExecutionDeniedException if the system refuses memory or the right to execute it
    public static List<MemorySegment> seal(List<byte[]> codes) {
        return seal(codes, PAGES);
    }

    /// Finds out whether the system lets this process have executable pages.
    ///
    /// @throws ExecutionDeniedException if it does not
    public static void probe() {
        MemorySegment _ = seal(new byte[1]); // never called
    }

    static List<MemorySegment> seal(List<byte[]> codes, CodePages pages) {
        long bytes = 0;
        for (byte[] code : codes) {
            if (code.length == 0) {
                throw new IllegalArgumentException("found no code, expected at least one byte");
            }
            bytes += aligned(code.length);
        }
        if (bytes == 0) {
            return List.of();
        }
        long address = pages.map(bytes);
        try {
            List<MemorySegment> entries = copy(codes, memory(address, bytes));
            pages.seal(address, bytes);
            return entries;
        } catch (RuntimeException | Error e) {
            pages.unmap(address, bytes);
            throw e;
        }
    }

    @SuppressWarnings("restricted") // these are the pages that were just mapped
    private static MemorySegment memory(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    private static List<MemorySegment> copy(List<byte[]> codes, MemorySegment pages) {
        List<MemorySegment> entries = new ArrayList<>(codes.size());
        long offset = 0;
        for (byte[] code : codes) {
            MemorySegment.copy(code, 0, pages, ValueLayout.JAVA_BYTE, offset, code.length);
            entries.add(pages.asSlice(offset, code.length).asReadOnly());
            offset += aligned(code.length);
        }
        return List.copyOf(entries);
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    }
}
