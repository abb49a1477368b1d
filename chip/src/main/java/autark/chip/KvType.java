package autark.chip;

/// How keys and values are stored.
public enum KvType {
    /// 16-bit floats: half the memory, and what models usually are run with.
    F16(2),
    /// As computed.
    F32(4),
    /// 8-bit integers, with a 16-bit scale for each 32 components of a head: a quarter of the
    /// memory, and half of what is read for a token.
    Q8_0(1);

    private final int bytes;

    KvType(int bytes) {
        this.bytes = bytes;
    }

    /// Bytes of a component, its share of a scale not counted in.
    public int bytes() {
        return bytes;
    }

    /// Whether components are integers that share scales.
    public boolean scaled() {
        return this == Q8_0;
    }
}
