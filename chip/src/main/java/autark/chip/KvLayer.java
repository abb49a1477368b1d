package autark.chip;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keys and values of one sequence in one layer: blocks of [KvShape] from position 0 on, and the
/// table of their addresses that kernels walk along.
///
/// Changes between steps, never while kernels read it.
public final class KvLayer {
    private static final long TABLE_BYTES_MIN = 4L * Long.BYTES;

    private final KvShape shape;
    private final @Nullable LargeMemory memory;
    private final List<MemorySegment> blocks = new ArrayList<>();
    private MemorySegment table;

    /// A layer that grows by itself.
    ///
    /// @param memory where blocks and table go
    public KvLayer(KvShape shape, LargeMemory memory) {
        this.shape = shape;
        this.memory = memory;
        this.table = memory.allocate(TABLE_BYTES_MIN);
    }

    /// A layer whose blocks the caller brings.
    ///
    /// @param table room for the addresses of all blocks that it will ever have
    public KvLayer(KvShape shape, MemorySegment table) {
        this.shape = shape;
        this.memory = null;
        this.table = table;
    }

    public KvShape shape() {
        return shape;
    }

    /// Makes room for so many positions in memory of its own.
    public void reserve(int positions) {
        LargeMemory memory = ownMemory();
        while (blocks.size() * KvShape.BLOCK_TOKENS < positions) {
            add(memory.allocate(shape.blockBytes()));
        }
    }

    /// Appends a block in memory of the caller.
    ///
    /// @param block `shape.blockBytes()` bytes
    public void add(MemorySegment block) {
        check(block);
        if (table.byteSize() == (long) Long.BYTES * blocks.size()) {
            MemorySegment larger = ownMemory().allocate(2 * table.byteSize());
            table = larger.copyFrom(table);
        }
        table.setAtIndex(ValueLayout.JAVA_LONG, blocks.size(), block.address());
        blocks.add(block);
    }

    /// Puts another block in the place of one.
    public void replace(int index, MemorySegment block) {
        check(block);
        blocks.set(index, block);
        table.setAtIndex(ValueLayout.JAVA_LONG, index, block.address());
    }

    /// Takes a block away that no later token sees; the others keep their places.
    public void hide(int index) {
        blocks.set(index, MemorySegment.NULL);
        table.setAtIndex(ValueLayout.JAVA_LONG, index, 0);
    }

    /// Appends the place of a block that no later token sees.
    public void addHidden() {
        blocks.add(MemorySegment.NULL);
        table.setAtIndex(ValueLayout.JAVA_LONG, blocks.size() - 1L, 0);
    }

    /// Takes the blocks from `count` on away.
    public void truncate(int count) {
        blocks.subList(count, blocks.size()).clear();
    }

    private void check(MemorySegment block) {
        if (block.byteSize() != shape.blockBytes()) {
            throw new IllegalArgumentException(
                    "found a block of %d bytes, expected %d"
                            .formatted(block.byteSize(), shape.blockBytes()));
        }
    }

    private LargeMemory ownMemory() {
        if (memory == null) {
            throw new IllegalStateException(
                    "found a table that is full with %d blocks, expected room"
                            .formatted(blocks.size()));
        }
        return memory;
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
