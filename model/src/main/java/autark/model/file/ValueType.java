package autark.model.file;

import java.util.Locale;
import java.util.Optional;

/// The thirteen kinds of metadata values, in the order of their GGUF numbers.
enum ValueType {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    STRING(0, 8),
    ARRAY(0, 12),
    UINT64(8),
    INT64(8),
    FLOAT64(8);

    private static final ValueType[] BY_GGUF_ID = values();

    /// Bytes of one value, 0 where values differ in size.
    final int fixedBytes;

    /// Bytes of the smallest value.
    final int bytesMin;

    ValueType(int fixedBytes) {
        this(fixedBytes, fixedBytes);
    }

    ValueType(int fixedBytes, int bytesMin) {
        this.fixedBytes = fixedBytes;
        this.bytesMin = bytesMin;
    }

    static Optional<ValueType> ofGgufId(int ggufId) {
        return ggufId >= 0 && ggufId < BY_GGUF_ID.length
                ? Optional.of(BY_GGUF_ID[ggufId])
                : Optional.empty();
    }

    boolean isInteger() {
        return switch (this) {
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> true;
            case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> false;
        };
    }

    boolean isFloat() {
        return this == FLOAT32 || this == FLOAT64;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
