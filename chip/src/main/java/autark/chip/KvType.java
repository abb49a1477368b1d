package autark.chip;

/// How keys and values are stored.
public enum KvType {
    /// 16-bit floats: half the memory, and what models usually are run with.
    F16(2),
    /// As computed.
    F32(4);

    private final int bytes;

    KvType(int bytes) {
        this.bytes = bytes;
    }

    /// Bytes of a component.
    public int bytes() {
        return bytes;
    }
}
