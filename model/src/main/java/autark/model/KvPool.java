package autark.model;

import autark.chip.LargeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;

/// Memory for the keys and values of many sequences, cut into blocks that come and go: paged
/// attention (Kwon et al., Efficient Memory Management for Large Language Model Serving with
/// PagedAttention, 2023).
///
/// The unit is a block of one layer. Sequences ([KvCache]) hold blocks of 32 positions; those that
/// begin with the same tokens hold the same ones, counted by reference. Memory is taken from the
/// system when a block is used for the first time, and given back only when the pool is closed, so
/// that a pool in use allocates nothing. Where the system has none, what was wanted fails, and
/// nothing is lost.
///
/// For one thread at a time.
public final class KvPool implements AutoCloseable {
    private final KvLayout layout;
    private final int unitCount;
    private final int capacityTokens;
    private final Arena arena = Arena.ofShared();
    private final LongFunction<MemorySegment> memory;
    private final List<MemorySegment> units = new ArrayList<>();
    private final ArrayDeque<KvCache> idle = new ArrayDeque<>();
    private int[] free = new int[64];
    private int freeCount;

    /// @param pageCount how often there is room for 32 positions in all layers
    /// @param capacityTokens most positions of a sequence
    public KvPool(KvLayout layout, int pageCount, int capacityTokens) {
        this(layout, pageCount, capacityTokens, UnaryOperator.identity());
    }

    /// As the other form, with something between the pool and its memory.
    ///
    /// @param between gets and returns what gives so many bytes of zeros, or throws
    public KvPool(
            KvLayout layout,
            int pageCount,
            int capacityTokens,
            UnaryOperator<LongFunction<MemorySegment>> between) {
        this.layout = layout;
        this.memory = between.apply(new LargeMemory(arena)::allocate);
        this.unitCount = Math.multiplyExact(pageCount, layout.layerCount());
        this.capacityTokens = capacityTokens;
    }

    public KvLayout layout() {
        return layout;
    }

    /// Blocks of one layer that there are.
    public int unitCount() {
        return unitCount;
    }

    /// Blocks of one layer that nobody holds.
    public int freeUnits() {
        return unitCount - units.size() + freeCount;
    }

    /// An empty sequence.
    public KvCache newCache() {
        KvCache cache = idle.isEmpty() ? new KvCache(this) : idle.pop();
        cache.open();
        return cache;
    }

    /// A page whose content is undefined, for the caller to fill.
    ///
    /// @throws IllegalStateException if there is no room
    public KvPage newPage() {
        List<KvBlock> blocks = new ArrayList<>();
        try {
            for (KvLayout.Group group : layout.groups()) {
                blocks.add(newBlock(group.layers().size()));
            }
        } catch (RuntimeException | Error e) {
            blocks.forEach(KvBlock::release);
            throw e;
        }
        return new KvPage(blocks);
    }

    /// @param layerCount layers of the block's group
    KvBlock newBlock(int layerCount) {
        if (layerCount > freeUnits()) {
            throw new IllegalStateException(
                    "found %d free blocks of keys and values, expected %d"
                            .formatted(freeUnits(), layerCount));
        }
        int[] ids = new int[layerCount];
        int count = 0;
        try {
            while (count < layerCount) {
                ids[count] = takeUnit();
                count++;
            }
        } catch (RuntimeException | Error e) {
            giveBack(Arrays.copyOf(ids, count));
            throw e;
        }
        return new KvBlock(this, ids);
    }

    private int takeUnit() {
        if (freeCount > 0) {
            return free[--freeCount];
        }
        units.add(memory.apply(layout.shape().blockBytes()));
        return units.size() - 1;
    }

    void giveBack(int[] ids) {
        if (freeCount + ids.length > free.length) {
            free = Arrays.copyOf(free, Math.max(freeCount + ids.length, 2 * free.length));
        }
        System.arraycopy(ids, 0, free, freeCount, ids.length);
        freeCount += ids.length;
    }

    void giveBack(KvCache cache) {
        idle.push(cache);
    }

    MemorySegment unit(int id) {
        return units.get(id);
    }

    MemorySegment newTable() {
        return memory.apply((long) Long.BYTES * KvLayout.pages(capacityTokens));
    }

    int capacityTokens() {
        return capacityTokens;
    }

    boolean closed() {
        return !arena.scope().isAlive();
    }

    /// Frees the memory. No step may be running.
    @Override
    public void close() {
        arena.close();
    }
}
