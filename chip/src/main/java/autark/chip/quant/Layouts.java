package autark.chip.quant;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Little-endian, unaligned access to the bytes of a model file or a tile.
final class Layouts {
    static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Layouts() {}
}
