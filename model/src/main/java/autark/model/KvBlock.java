package autark.model;

import java.lang.foreign.MemorySegment;

/// Keys and values of 32 consecutive positions in the layers of a group, held by any number of
/// sequences and caches.
final class KvBlock {
    private final KvPool pool;
    private final int[] units;
    private int holders = 1;

    KvBlock(KvPool pool, int[] units) {
        this.pool = pool;
        this.units = units;
    }

    /// Memory of the layer that is number `index` in the group.
    MemorySegment layer(int index) {
        return pool.unit(units[index]);
    }

    int layerCount() {
        return units.length;
    }

    boolean shared() {
        return holders > 1;
    }

    void retain() {
        holders++;
    }

    void release() {
        assert holders > 0 : "a block that nobody holds was released";
        holders--;
        if (holders == 0) {
            pool.giveBack(units);
        }
    }

    /// A block of its own with the same content.
    KvBlock copy() {
        KvBlock copy = pool.newBlock(units.length);
        for (int i = 0; i < units.length; i++) {
            copy.layer(i).copyFrom(layer(i));
        }
        return copy;
    }
}
