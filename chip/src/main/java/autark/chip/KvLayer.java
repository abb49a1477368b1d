package autark.chip;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// Keys and values of one sequence in one layer: blocks of [KvShape] from position 0 on, and the
/// table of their addresses that kernels walk along.
///
/// Grows between steps, never while kernels read it.
public final class KvLayer {
    private static final int ALIGNMENT_BYTES = 64;

    private final KvShape shape;
    private final Arena arena;
    private final List<MemorySegment> blocks = new ArrayList<>();
    private MemorySegment table;

    /// @param arena owner of the blocks
    public KvLayer(KvShape shape, Arena arena) {
        this.shape = shape;
        this.arena = arena;
        this.table = arena.allocate(ValueLayout.JAVA_LONG, 4);
    }

    public KvShape shape() {
        return shape;
    }

    /// Makes room for so many positions.
    public void reserve(int positions) {
        while (blocks.size() * KvShape.BLOCK_TOKENS < positions) {
            add(arena.allocate(shape.blockBytes(), ALIGNMENT_BYTES));
        }
    }

    /// Appends a block in memory of the caller.
    ///
    /// @param block `shape.blockBytes()` bytes
    public void add(MemorySegment block) {
        if (block.byteSize() != shape.blockBytes()) {
            throw new IllegalArgumentException(
                    "found a block of %d bytes, expected %d"
                            .formatted(block.byteSize(), shape.blockBytes()));
        }
        if (table.byteSize() == (long) Long.BYTES * blocks.size()) {
            MemorySegment larger = arena.allocate(2 * table.byteSize(), Long.BYTES);
            table = larger.copyFrom(table);
        }
        table.setAtIndex(ValueLayout.JAVA_LONG, blocks.size(), block.address());
        blocks.add(block);
    }

    /// Positions that there is room for.
    public int capacity() {
        return blocks.size() * KvShape.BLOCK_TOKENS;
    }

    /// The block that holds positions from `index * BLOCK_TOKENS` on.
    public MemorySegment block(int index) {
        return blocks.get(index);
    }

    /// Addresses of the blocks, 64 bits each.
    public MemorySegment table() {
        return table;
    }
}
