package autark.chip;

import autark.chip.os.Pages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Memory for weights, or for the keys and values of a sequence: taken from the system in large
/// pieces and given out front to back, so that what is read one after the other lies so. That is
/// for systems that provide of a piece what is written; on others each request is met by itself.
///
/// Not safe for use by several threads.
public final class LargeMemory {
    private static final long PIECE_BYTES = 64L << 20;
    private static final long ALIGNMENT_BYTES = 64;

    private final Arena arena;
    private MemorySegment piece = MemorySegment.NULL;
    private long used;

    /// @param arena owner of the memory
    public LargeMemory(Arena arena) {
        this.arena = arena;
    }

    /// Fresh zeros at a multiple of 64 bytes.
    public MemorySegment allocate(long bytes) {
        if (!Pages.comeWhenWritten()) {
            return Pages.allocate(bytes, arena);
        }
        if (bytes > piece.byteSize() - used) {
            piece = Pages.allocate(Math.max(bytes, PIECE_BYTES), arena);
            used = 0;
        }
        MemorySegment result = piece.asSlice(used, bytes);
        used = Math.ceilDiv(used + bytes, ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
        used = Math.min(used, piece.byteSize());
        return result;
    }
}
