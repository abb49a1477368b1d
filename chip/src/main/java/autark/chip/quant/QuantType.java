package autark.chip.quant;

import java.util.Optional;

/// A storage type of tensor elements, named and numbered as in GGUF. A row is a sequence of blocks
/// of `blockElements` elements, each `blockBytes` long.
public enum QuantType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    IQ4_NL(20, 32, 18),
    IQ4_XS(23, 256, 136),
    BF16(30, 1, 2),
    MXFP4(39, 32, 17);

    private final int ggufId;
    private final int blockElements;
    private final int blockBytes;

    QuantType(int ggufId, int blockElements, int blockBytes) {
        this.ggufId = ggufId;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /// The type with this GGUF number, if Autark supports it.
    public static Optional<QuantType> ofGgufId(int ggufId) {
        for (QuantType type : values()) {
            if (type.ggufId == ggufId) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    public int ggufId() {
        return ggufId;
    }

    public int blockElements() {
        return blockElements;
    }

    public int blockBytes() {
        return blockBytes;
    }

    /// Whether elements are floats of their own, not codes that share a scale.
    public boolean isFloat() {
        return blockElements == 1;
    }

    /// Bytes of `elementCount` elements, a whole number of blocks.
    ///
    /// @throws IllegalArgumentException if the count is no multiple of `blockElements`
    /// @throws ArithmeticException if the size exceeds 63 bits
    public long bytes(long elementCount) {
        if (elementCount % blockElements != 0) {
            throw new IllegalArgumentException(
                    "%s: found %d elements, expected a multiple of %d"
                            .formatted(this, elementCount, blockElements));
        }
        return Math.multiplyExact(elementCount / blockElements, (long) blockBytes);
    }
}
