package autark.model;

import autark.chip.KvLayer;
import autark.chip.KvShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Keys and values of one sequence: for each group of layers the blocks that it holds in a
/// [KvPool], and for each layer the table of their addresses.
///
/// Blocks come as the sequence grows. A step first reserves room, then stores, and only when the
/// whole step has run does the length move on; a step that failed leaves the sequence as it was. A
/// block that others hold, too, is copied before the sequence writes to it. Blocks that lie behind
/// the window of their layers are given back by [#releaseHidden].
///
/// Not safe for use by several threads, but for the rows that kernels store during a step.
public final class KvCache implements AutoCloseable {
    private final KvPool pool;
    private final List<KvLayout.Group> groups;

    /// Per group; a block that was given back is null.
    private final List<List<@Nullable KvBlock>> blocks = new ArrayList<>();

    private final KvLayer[] layers;

    /// Blocks at the front that were given back, per group.
    private final int[] hidden;

    private boolean ownsPool;
    private int length;
    private boolean open;

    KvCache(KvPool pool) {
        this.pool = pool;
        this.groups = pool.layout().groups();
        this.layers = new KvLayer[pool.layout().layerCount()];
        this.hidden = new int[groups.size()];
        for (KvLayout.Group group : groups) {
            blocks.add(new ArrayList<>());
            for (int layer : group.layers()) {
                layers[layer] = new KvLayer(pool.layout().shape(), pool.newTable());
            }
        }
    }

    /// A sequence with a pool for itself.
    static KvCache alone(KvPool pool) {
        KvCache cache = pool.newCache();
        cache.ownsPool = true;
        return cache;
    }

    void open() {
        open = true;
    }

    /// Positions that are filled.
    public int length() {
        return length;
    }

    /// The most positions that it may hold.
    public int capacityTokens() {
        return pool.capacityTokens();
    }

    /// Keys and values of a layer.
    public KvLayer layer(int layerIndex) {
        return layers[layerIndex];
    }

    /// Forgets all positions from `newLength` on.
    ///
    /// @throws IllegalArgumentException if there are fewer, or if a layer would need positions that
    ///   were given back
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException(
                    "found length %d, expected 0 to %d".formatted(newLength, length));
        }
        for (int group = 0; group < groups.size(); group++) {
            if (hidden[group] > groups.get(group).hiddenBlocks(newLength)) {
                throw new IllegalArgumentException(
                        "found length %d, expected one whose window was not given back"
                                .formatted(newLength));
            }
        }
        length = newLength;
        dropFrom(KvLayout.pages(newLength));
    }

    private void dropFrom(int pageCount) {
        for (int group = 0; group < groups.size(); group++) {
            List<@Nullable KvBlock> held = blocks.get(group);
            while (held.size() > pageCount) {
                KvBlock block = held.removeLast();
                if (block != null) {
                    block.release();
                }
            }
            for (int layer : groups.get(group).layers()) {
                layers[layer].truncate(Math.min(pageCount, held.size()));
            }
        }
    }

    /// Blocks of one layer that `tokenCount` more positions take from the pool.
    public int unitsNeeded(int tokenCount) {
        int pageCount = KvLayout.pages(length + tokenCount);
        int units = 0;
        for (int group = 0; group < groups.size(); group++) {
            int blockCount = pageCount - blocks.get(group).size();
            blockCount += tokenCount > 0 && tailIsShared(group) ? 1 : 0;
            units += blockCount * groups.get(group).layers().size();
        }
        return units;
    }

    /// Whether the next position goes to a block that others hold, too.
    private boolean tailIsShared(int group) {
        int index = length / KvShape.BLOCK_TOKENS;
        List<@Nullable KvBlock> held = blocks.get(group);
        KvBlock tail = index < held.size() ? held.get(index) : null;
        return tail != null && tail.shared();
    }

    /// Makes room for `tokenCount` more positions; a step of a model does so by itself.
    ///
    /// @throws ContextFullException if they exceed the capacity
    /// @throws IllegalStateException if the pool has no room, or the cache is closed: kernels would
    ///   not notice
    public void reserve(int tokenCount) {
        if (!open || pool.closed()) {
            throw new IllegalStateException("the cache is closed");
        }
        if (tokenCount > capacityTokens() - length) {
            throw new ContextFullException(length + tokenCount, capacityTokens());
        }
        int needed = unitsNeeded(tokenCount);
        if (needed > pool.freeUnits()) {
            throw new IllegalStateException(
                    "found %d free blocks of keys and values, expected %d"
                            .formatted(pool.freeUnits(), needed));
        }
        int pageCount = KvLayout.pages(length + tokenCount);
        for (int group = 0; group < groups.size(); group++) {
            if (tokenCount > 0 && tailIsShared(group)) {
                copyTail(group);
            }
            while (blocks.get(group).size() < pageCount) {
                add(group, pool.newBlock(groups.get(group).layers().size()));
            }
        }
    }

    private void copyTail(int group) {
        int index = length / KvShape.BLOCK_TOKENS;
        KvBlock old = Objects.requireNonNull(blocks.get(group).get(index));
        replace(group, index, old.copy());
        old.release();
    }

    private void add(int group, KvBlock block) {
        blocks.get(group).add(block);
        List<Integer> indexes = groups.get(group).layers();
        for (int i = 0; i < indexes.size(); i++) {
            layers[indexes.get(i)].add(block.layer(i));
        }
    }

    /// Counts positions in that a step has stored.
    public void advance(int tokenCount) {
        length += tokenCount;
    }

    /// Appends what a page holds of the positions that follow.
    ///
    /// @param tokenCount how many of them, at most 32; the length is a multiple of 32
    public void append(KvPage page, int tokenCount) {
        if (length % KvShape.BLOCK_TOKENS != 0 || tokenCount > KvShape.BLOCK_TOKENS) {
            throw new IllegalArgumentException(
                    "found %d tokens behind %d, expected at most a whole page behind whole pages"
                            .formatted(tokenCount, length));
        }
        dropFrom(KvLayout.pages(length));
        for (int group = 0; group < groups.size(); group++) {
            page.block(group).retain();
            add(group, page.block(group));
        }
        length += tokenCount;
    }

    /// The page that holds positions from `32 * index` on; the caller holds it, too. None of its
    /// blocks may have been given back.
    public KvPage page(int index) {
        List<KvBlock> held = new ArrayList<>();
        for (List<@Nullable KvBlock> group : blocks) {
            KvBlock block = group.get(index);
            if (block == null) {
                throw new IllegalStateException(
                        "found page %d given back, expected it held".formatted(index));
            }
            held.add(block);
        }
        held.forEach(KvBlock::retain);
        return new KvPage(held);
    }

    /// Goes on with another page in the place of page `index`, which holds the same bits; what was
    /// given back stays so.
    public void share(int index, KvPage page) {
        for (int group = 0; group < groups.size(); group++) {
            KvBlock old = blocks.get(group).get(index);
            KvBlock block = page.block(group);
            if (old != null && !old.equals(block)) {
                block.retain();
                replace(group, index, block);
                old.release();
            }
        }
    }

    private void replace(int group, int index, KvBlock block) {
        blocks.get(group).set(index, block);
        List<Integer> indexes = groups.get(group).layers();
        for (int i = 0; i < indexes.size(); i++) {
            layers[indexes.get(i)].replace(index, block.layer(i));
        }
    }

    /// Another sequence with the same positions, on the same blocks.
    public KvCache fork() {
        KvCache fork = pool.newCache();
        for (int group = 0; group < groups.size(); group++) {
            for (KvBlock block : blocks.get(group)) {
                if (block == null) {
                    fork.addHidden(group);
                } else {
                    block.retain();
                    fork.add(group, block);
                }
            }
        }
        System.arraycopy(hidden, 0, fork.hidden, 0, hidden.length);
        fork.length = length;
        return fork;
    }

    private void addHidden(int group) {
        blocks.get(group).add(null);
        for (int layer : groups.get(group).layers()) {
            layers[layer].addHidden();
        }
    }

    /// Gives blocks back that no later token sees.
    public void releaseHidden() {
        for (int group = 0; group < groups.size(); group++) {
            int end = groups.get(group).hiddenBlocks(length);
            for (int index = hidden[group]; index < end; index++) {
                KvBlock block = blocks.get(group).set(index, null);
                if (block != null) {
                    block.release();
                }
                for (int layer : groups.get(group).layers()) {
                    layers[layer].hide(index);
                }
            }
            hidden[group] = Math.max(hidden[group], end);
        }
    }

    /// Gives all blocks back. No step may be running.
    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        if (ownsPool) {
            pool.close();
            return;
        }
        length = 0;
        Arrays.fill(hidden, 0);
        dropFrom(0);
        pool.giveBack(this);
    }
}
