package autark.model;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Keys and values of 32 consecutive positions in all layers, as a cache of prefixes holds them.
/// Who holds a page calls [#release] once.
public final class KvPage {
    private final List<KvBlock> blocks;

    /// @param blocks one a group of layers; the page takes over a hold on each
    KvPage(List<KvBlock> blocks) {
        this.blocks = List.copyOf(blocks);
    }

    KvBlock block(int group) {
        return blocks.get(group);
    }

    /// Whether a sequence or another cache holds a part of it, too.
    public boolean shared() {
        return blocks.stream().anyMatch(KvBlock::shared);
    }

    /// The memory, a piece a layer, in an order that a pool never changes.
    public List<ByteBuffer> contents() {
        List<ByteBuffer> contents = new ArrayList<>();
        for (KvBlock block : blocks) {
            for (int layer = 0; layer < block.layerCount(); layer++) {
                contents.add(block.layer(layer).asByteBuffer());
            }
        }
        return contents;
    }

    /// Ends the hold; memory that nobody holds is free.
    public void release() {
        blocks.forEach(KvBlock::release);
    }
}
