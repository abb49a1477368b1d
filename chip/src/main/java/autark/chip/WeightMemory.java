package autark.chip;

import autark.chip.os.Pages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Memory for the weights of a model: taken from the system in large pieces and given out front to
/// back, so that weights that are read one after the other lie so.
///
/// Not safe for use by several threads.
public final class WeightMemory {
    private static final long PIECE_BYTES = 64L << 20;
    private static final long ALIGNMENT_BYTES = 64;

    private final Arena arena;
    private MemorySegment piece = MemorySegment.NULL;
    private long used;

    /// @param arena owner of the memory
    public WeightMemory(Arena arena) {
        this.arena = arena;
    }

    /// Fresh zeros at a multiple of 64 bytes.
    public MemorySegment allocate(long bytes) {
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
