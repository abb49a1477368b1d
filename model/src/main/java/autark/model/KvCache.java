package autark.model;

import autark.chip.KvLayer;
import autark.chip.KvShape;
import autark.chip.LargeMemory;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// Keys and values of one sequence, a [KvLayer] for each layer of the model.
///
/// Blocks come as the sequence grows. A step first reserves room, then stores, and only when the
/// whole step has run does the length move on; a step that failed leaves the sequence as it was.
///
/// Not safe for use by several threads, but for the rows that kernels store during a step.
public final class KvCache implements AutoCloseable {
    private final int capacityTokens;
    private final List<KvLayer> layers = new ArrayList<>();
    private final Arena arena = Arena.ofShared();
    private int length;

    KvCache(int layerCount, KvShape shape, int capacityTokens) {
        this.capacityTokens = capacityTokens;
        LargeMemory memory = new LargeMemory(arena);
        for (int layer = 0; layer < layerCount; layer++) {
            layers.add(new KvLayer(shape, memory));
        }
    }

    /// Positions that are filled.
    public int length() {
        return length;
    }

    /// The most positions that it may hold.
    public int capacityTokens() {
        return capacityTokens;
    }

    /// Forgets all positions from `newLength` on.
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException(
                    "found length %d, expected 0 to %d".formatted(newLength, length));
        }
        length = newLength;
    }

    /// Keys and values of a layer.
    public KvLayer layer(int layerIndex) {
        return layers.get(layerIndex);
    }

    /// Makes room for `tokenCount` more positions.
    ///
    /// @throws ContextFullException if they exceed the capacity
    /// @throws IllegalStateException if the cache is closed: kernels would not notice
    void reserve(int tokenCount) {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("the cache is closed");
        }
        if (tokenCount > capacityTokens - length) {
            throw new ContextFullException(length + tokenCount, capacityTokens);
        }
        layers.forEach(layer -> layer.reserve(length + tokenCount));
    }

    /// Counts positions in that a step has stored.
    void advance(int tokenCount) {
        length += tokenCount;
    }

    /// Frees the memory. No step may be running.
    @Override
    public void close() {
        arena.close();
    }
}
