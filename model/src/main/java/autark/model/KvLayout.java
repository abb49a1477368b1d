package autark.model;

import autark.chip.KvShape;
import autark.model.arch.Architecture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How a model keeps keys and values: a [KvShape] that all layers share, and the layers in groups
/// that see equally far back.
public record KvLayout(KvShape shape, List<Group> groups) {
    /// Layers that see the same positions.
    ///
    /// @param window positions that a token sees, itself counted in; [Integer#MAX_VALUE] for all
    public record Group(int window, List<Integer> layers) {
        public Group {
            layers = List.copyOf(layers);
        }

        /// Blocks at the front of a sequence of `length` tokens that no later token sees.
        int hiddenBlocks(int length) {
            return Math.max(0, length - window + 1) / KvShape.BLOCK_TOKENS;
        }
    }

    public KvLayout {
        groups = List.copyOf(groups);
    }

    static KvLayout of(KvShape shape, Architecture architecture, int layerCount) {
        Map<Integer, List<Integer>> layersByWindow = new LinkedHashMap<>();
        for (int layer = 0; layer < layerCount; layer++) {
            int window = architecture.attention(layer).shape().window();
            layersByWindow.computeIfAbsent(window, _ -> new ArrayList<>()).add(layer);
        }
        List<Group> groups = new ArrayList<>();
        layersByWindow.forEach((window, layers) -> groups.add(new Group(window, layers)));
        return new KvLayout(shape, groups);
    }

    public int layerCount() {
        return groups.stream().mapToInt(group -> group.layers().size()).sum();
    }

    /// Bytes of the keys and values of [KvShape#BLOCK_TOKENS] positions in all layers.
    public long pageBytes() {
        return shape.blockBytes() * layerCount();
    }

    /// Pages that so many tokens take.
    public static int pages(int tokens) {
        return Math.ceilDiv(tokens, KvShape.BLOCK_TOKENS);
    }
}
