package autark.model.file;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// The checked header of one GGUF file: what it says, and where its tensors lie.
///
/// A header is refused unless all of it is right: the tensors must fill the rest of the file
/// exactly, in any order, each starting at the next multiple of the alignment. So no byte of the
/// file can be read as two things, and none is passed over in silence.
///
/// @param tensors by name, in the order of the file
/// @param headerBytes end of the header
/// @param dataOffset start of the tensor data, which the tensors' offsets count from
record GgufHeader(
        int version,
        Metadata metadata,
        SequencedMap<String, TensorInfo> tensors,
        long headerBytes,
        long dataOffset) {
    /// Real headers have at most a tenth of this; it bounds the time that a hostile one costs.
    static final long HEADER_BYTES_MAX = 100_000_000;

    static final int METADATA_COUNT_MAX = 65_536;
    static final int KEY_BYTES_MAX = 65_535;

    /// A string that is read as text. Longer ones may be there, unread.
    static final int STRING_BYTES_MAX = 1 << 24;

    static final int ARRAY_ELEMENTS_MAX = 1_000_000;
    static final int ARRAY_DEPTH_MAX = 4;
    static final int TENSOR_COUNT_MAX = 100_000;
    static final int TENSOR_NAME_BYTES_MAX = 64;
    static final int TENSOR_DIMS_MAX = 4;
    static final long ALIGNMENT_DEFAULT = 32;
    static final long ALIGNMENT_MIN = 8;
    static final long ALIGNMENT_MAX = 1 << 20;

    /// The letters GGUF.
    private static final int MAGIC = 0x46_55_47_47;

    private static final int VERSION_MIN = 2;
    private static final int VERSION_MAX = 3;
    private static final String ALIGNMENT_KEY = "general.alignment";

    private static final int ENTRY_BYTES_MIN = 8 + 1 + 4 + 1;
    private static final int TENSOR_INFO_BYTES_MIN = 8 + 1 + 4 + 8 + 4 + 8;

    /// Reads the header of a file.
    ///
    /// @throws ModelFormatException if the file is no GGUF file or anything in it is wrong
    static GgufHeader read(ModelPart file) {
        HeaderCursor cursor = cursorAt(file, 0);
        if (file.byteSize() < Integer.BYTES || cursor.int32("the magic") != MAGIC) {
            throw ForeignFile.error(file);
        }
        int version = version(cursor);
        long tensorCount = cursor.count(TENSOR_COUNT_MAX, TENSOR_INFO_BYTES_MIN, "tensors");
        long entryCount = cursor.count(METADATA_COUNT_MAX, ENTRY_BYTES_MIN, "metadata entries");
        SequencedMap<String, Metadata.Entry> entries = new LinkedHashMap<>();
        for (long i = 0; i < entryCount; i++) {
            readEntry(cursor, entries);
        }
        Metadata metadata = new Metadata(file, entries);
        TensorLayout layout = new TensorLayout(file.path(), file.byteSize(), alignment(metadata));
        for (long i = 0; i < tensorCount; i++) {
            readTensor(cursor, layout);
        }
        long headerBytes = cursor.offset();
        return new GgufHeader(
                version,
                metadata,
                layout.tensors(headerBytes),
                headerBytes,
                layout.dataOffset(headerBytes));
    }

    /// A cursor that reads the header of a file from an offset.
    static HeaderCursor cursorAt(ModelPart file, long offset) {
        long fileBytes = file.byteSize();
        return fileBytes <= HEADER_BYTES_MAX
                ? new HeaderCursor(file, offset, fileBytes, "the end of the file")
                : new HeaderCursor(
                        file, offset, HEADER_BYTES_MAX, "the limit of 100 MB for a header");
    }

    private static int version(HeaderCursor cursor) {
        long at = cursor.offset();
        int version = cursor.int32("the version");
        if (version < VERSION_MIN || version > VERSION_MAX) {
            String advice =
                    switch (version) {
                        case 1 -> "version 1 was replaced in 2023: get a newer file of this model";
                        case 2 << 24, 3 << 24 ->
                                "the file is big-endian: get the little-endian one";
                        default -> "the file is damaged or needs a newer Autark";
                    };
            throw cursor.error(
                    at,
                    "found GGUF version %s, expected %d or %d; %s"
                            .formatted(
                                    Integer.toUnsignedString(version),
                                    VERSION_MIN,
                                    VERSION_MAX,
                                    advice));
        }
        return version;
    }

    private static void readEntry(
            HeaderCursor cursor, SequencedMap<String, Metadata.Entry> entries) {
        long at = cursor.offset();
        String key = name(cursor, KEY_BYTES_MAX, "a key");
        ValueType type = valueType(cursor, key);
        Metadata.Entry entry =
                type == ValueType.ARRAY ? array(cursor, key) : single(cursor, type, key);
        if (entries.putIfAbsent(key, entry) != null) {
            throw cursor.error(at, "found key %s twice, expected it once".formatted(key));
        }
    }

    private static Metadata.Entry single(HeaderCursor cursor, ValueType type, String key) {
        long offset = cursor.offset();
        long bits = 0;
        if (type == ValueType.STRING) {
            cursor.skipString(key);
        } else {
            bits = cursor.bits(type, key);
        }
        return new Metadata.Entry(type, type, 1, offset, cursor.offset(), bits);
    }

    private static Metadata.Entry array(HeaderCursor cursor, String key) {
        ValueType elementType = valueType(cursor, key);
        long count = elementCount(cursor, elementType, key);
        long offset = cursor.offset();
        skipElements(cursor, elementType, count, key, 1);
        return new Metadata.Entry(ValueType.ARRAY, elementType, count, offset, cursor.offset(), 0);
    }

    private static void skipElements(
            HeaderCursor cursor, ValueType type, long count, String key, int depth) {
        switch (type) {
            case STRING -> {
                for (long i = 0; i < count; i++) {
                    cursor.skipString(key);
                }
            }
            case ARRAY -> {
                if (depth == ARRAY_DEPTH_MAX) {
                    throw cursor.error(
                            cursor.offset(),
                            "found key %s with arrays nested deeper than %d"
                                    .formatted(key, ARRAY_DEPTH_MAX));
                }
                for (long i = 0; i < count; i++) {
                    ValueType elementType = valueType(cursor, key);
                    long elementCount = elementCount(cursor, elementType, key);
                    skipElements(cursor, elementType, elementCount, key, depth + 1);
                }
            }
            case BOOL -> {
                for (long i = 0; i < count; i++) {
                    cursor.bits(type, key);
                }
            }
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64, FLOAT32, FLOAT64 ->
                    cursor.skip(count * type.fixedBytes, key);
        }
    }

    private static long elementCount(HeaderCursor cursor, ValueType type, String key) {
        return cursor.count(ARRAY_ELEMENTS_MAX, type.bytesMin, key);
    }

    private static ValueType valueType(HeaderCursor cursor, String key) {
        long at = cursor.offset();
        int ggufId = cursor.int32(key);
        Optional<ValueType> type = ValueType.ofGgufId(ggufId);
        if (type.isEmpty()) {
            throw cursor.error(
                    at,
                    "found value type %s for key %s, expected 0 to %d"
                            .formatted(
                                    Integer.toUnsignedString(ggufId),
                                    key,
                                    ValueType.values().length - 1));
        }
        return type.get();
    }

    private static long alignment(Metadata metadata) {
        if (!metadata.has(ALIGNMENT_KEY)) {
            return ALIGNMENT_DEFAULT;
        }
        if (metadata.type(ALIGNMENT_KEY) != ValueType.UINT32) {
            throw metadata.unexpected(ALIGNMENT_KEY, "a uint32");
        }
        long alignment = metadata.longValue(ALIGNMENT_KEY);
        if (Long.bitCount(alignment) != 1
                || alignment < ALIGNMENT_MIN
                || alignment > ALIGNMENT_MAX) {
            throw metadata.unexpected(
                    ALIGNMENT_KEY,
                    "a power of two from %d to %d".formatted(ALIGNMENT_MIN, ALIGNMENT_MAX));
        }
        return alignment;
    }

    private static void readTensor(HeaderCursor cursor, TensorLayout layout) {
        long at = cursor.offset();
        String name = name(cursor, TENSOR_NAME_BYTES_MAX, "a tensor name");
        long dimsAt = cursor.offset();
        int dims = cursor.int32(name);
        if (dims < 1 || dims > TENSOR_DIMS_MAX) {
            throw cursor.error(
                    dimsAt,
                    "found %s dimensions of tensor %s, expected 1 to %d"
                            .formatted(Integer.toUnsignedString(dims), name, TENSOR_DIMS_MAX));
        }
        Long[] shape = new Long[dims];
        for (int dim = 0; dim < dims; dim++) {
            shape[dim] = cursor.int64(name);
        }
        int type = cursor.int32(name);
        long offset = cursor.int64(name);
        layout.add(at, name, type, List.of(shape), offset);
    }

    /// A key or tensor name: it is shown in messages and tables, so it must be plain text.
    private static String name(HeaderCursor cursor, int bytesMax, String what) {
        long at = cursor.offset();
        String name = cursor.string(bytesMax, what);
        if (name.isEmpty()) {
            throw cursor.error(at, "found %s without characters".formatted(what));
        }
        if (DisplayText.hasInvisible(name)) {
            throw cursor.error(
                    at,
                    "found %s with control characters: %s"
                            .formatted(what, DisplayText.quoted(name)));
        }
        return name;
    }
}
