package autark.chip;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// Keys and values of one sequence in one layer: blocks of [KvShape] from position 0 on, and the
/// table of their addresses that kernels walk along.
///
/// Grows between steps, never while kernels read it.
public final class KvLayer {
    private static final long TABLE_BYTES_MIN = 4L * Long.BYTES;

    private final KvShape shape;
    private final LargeMemory memory;
    private final List<MemorySegment> blocks = new ArrayList<>();
    private MemorySegment table;

    /// @param memory where blocks and table go
    public KvLayer(KvShape shape, LargeMemory memory) {
        this.shape = shape;
        this.memory = memory;
        this.table = memory.allocate(TABLE_BYTES_MIN);
    }

    public KvShape shape() {
        return shape;
    }

    /// Makes room for so many positions.
    public void reserve(int positions) {
        while (blocks.size() * KvShape.BLOCK_TOKENS < positions) {
            add(memory.allocate(shape.blockBytes()));
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
            MemorySegment larger = memory.allocate(2 * table.byteSize());
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
