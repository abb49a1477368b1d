package autark.chip.kernel;

import autark.chip.KvLayer;
import java.util.Objects;

/// Checks of what machine code will not check: that operands have the rows and columns that a
/// kernel is going to touch. They are never switched off.
final class Shapes {
    private Shapes() {}

    /// @throws IllegalArgumentException if the two differ
    static void same(String what, int found, int expected) {
        if (found != expected) {
            throw new IllegalArgumentException(
                    "%s: found %d, expected %d".formatted(what, found, expected));
        }
    }

    /// @throws IllegalArgumentException if `found` is no multiple of `unit`
    static void multiple(String what, int found, int unit) {
        if (found % unit != 0) {
            throw new IllegalArgumentException(
                    "%s: found %d, expected a multiple of %d".formatted(what, found, unit));
        }
    }

    /// @throws IndexOutOfBoundsException if there is no such row, tile or position
    static void index(int index, int count) {
        Objects.checkIndex(index, count);
    }

    /// @throws IllegalStateException if the block was taken away
    static void present(KvLayer layer, int blockIndex) {
        if (layer.block(blockIndex).byteSize() == 0) {
            throw new IllegalStateException(
                    "block %d of keys and values was given back, expected it present"
                            .formatted(blockIndex));
        }
    }
}
