package autark.model.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// A GGUF file in the making, right or wrong. What is not set to something else is computed as a
/// good writer does; each count, length, type and offset can be replaced by a lie.
final class GgufImage {
    static final int UINT8 = 0;
    static final int INT8 = 1;
    static final int UINT16 = 2;
    static final int INT16 = 3;
    static final int UINT32 = 4;
    static final int INT32 = 5;
    static final int FLOAT32 = 6;
    static final int BOOL = 7;
    static final int STRING = 8;
    static final int ARRAY = 9;
    static final int UINT64 = 10;
    static final int INT64 = 11;
    static final int FLOAT64 = 12;

    static final int F32 = 0;

    sealed interface Value {}

    record Bits(int byteCount, long bits) implements Value {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Text(byte[] utf8, OptionalLong claimedLength) implements Value {
        Text(String text) {
            this(text.getBytes(StandardCharsets.UTF_8), OptionalLong.empty());
        }

        String text() {
            return new String(utf8, StandardCharsets.UTF_8);
        }
    }

    record Array(int elementType, OptionalLong claimedCount, List<Value> elements)
            implements Value {
        Array(int elementType, List<Value> elements) {
            this(elementType, OptionalLong.empty(), elements);
        }
    }

    record Entry(Text key, int type, Value value) {
        Entry(String key, int type, Value value) {
            this(new Text(key), type, value);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Tensor(
            Text name,
            OptionalInt claimedDims,
            List<Long> shape,
            int type,
            OptionalLong claimedOffset,
            byte[] data) {
        Tensor(String name, int type, List<Long> shape, byte[] data) {
            this(new Text(name), OptionalInt.empty(), shape, type, OptionalLong.empty(), data);
        }

        Tensor withClaimedOffset(long offset) {
            return new Tensor(name, claimedDims, shape, type, OptionalLong.of(offset), data);
        }

        Tensor withShape(List<Long> newShape) {
            return new Tensor(name, claimedDims, newShape, type, claimedOffset, data);
        }

        Tensor withType(int newType) {
            return new Tensor(name, claimedDims, shape, newType, claimedOffset, data);
        }

        Tensor withData(byte[] newData) {
            return new Tensor(name, claimedDims, shape, type, claimedOffset, newData);
        }
    }

    String magic = "GGUF";
    int version = 3;
    int alignment = 32;
    OptionalLong claimedTensors = OptionalLong.empty();
    OptionalLong claimedEntries = OptionalLong.empty();
    final List<Entry> entries = new ArrayList<>();
    final List<Tensor> tensors = new ArrayList<>();

    GgufImage put(String key, int type, long bits) {
        return put(key, type, new Bits(bytesOf(type), bits));
    }

    GgufImage put(String key, int type, Value value) {
        entries.add(new Entry(key, type, value));
        return this;
    }

    GgufImage put(String key, String text) {
        return put(key, STRING, new Text(text));
    }

    GgufImage put(String key, float value) {
        return put(key, FLOAT32, Float.floatToRawIntBits(value) & 0xFFFF_FFFFL);
    }

    GgufImage put(String key, List<String> texts) {
        return put(
                key,
                ARRAY,
                new Array(STRING, new ArrayList<>(texts.stream().map(Text::new).toList())));
    }

    /// Adds an F32 tensor of zeros.
    GgufImage tensor(String name, long... shape) {
        long elements = 1;
        List<Long> extents = new ArrayList<>();
        for (long extent : shape) {
            elements *= extent;
            extents.add(extent);
        }
        tensors.add(new Tensor(name, F32, extents, new byte[(int) elements * Float.BYTES]));
        return this;
    }

    /// A copy whose lists can be changed apart; the elements are immutable or never changed.
    GgufImage copy() {
        GgufImage copy = new GgufImage();
        copy.magic = magic;
        copy.version = version;
        copy.alignment = alignment;
        copy.claimedTensors = claimedTensors;
        copy.claimedEntries = claimedEntries;
        copy.entries.addAll(entries);
        copy.tensors.addAll(tensors);
        return copy;
    }

    static int bytesOf(int type) {
        return switch (type) {
            case UINT8, INT8, BOOL -> 1;
            case UINT16, INT16 -> 2;
            case UINT32, INT32, FLOAT32 -> 4;
            case UINT64, INT64, FLOAT64 -> 8;
            default -> throw new IllegalArgumentException("type " + type + " has no fixed size");
        };
    }

    Path writeTo(Path path) {
        try {
            return Files.write(path, bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        Output output = new Output();
        output.bytes(magic.getBytes(StandardCharsets.ISO_8859_1));
        output.int32(version);
        output.int64(claimedTensors.orElse(tensors.size()));
        output.int64(claimedEntries.orElse(entries.size()));
        for (Entry entry : entries) {
            output.value(entry.key());
            output.int32(entry.type());
            output.value(entry.value());
        }
        long offset = 0;
        for (Tensor tensor : tensors) {
            output.value(tensor.name());
            output.int32(tensor.claimedDims().orElse(tensor.shape().size()));
            tensor.shape().forEach(output::int64);
            output.int32(tensor.type());
            output.int64(tensor.claimedOffset().orElse(offset));
            offset += tensor.data().length;
            offset += -offset & (alignment - 1);
        }
        for (Tensor tensor : tensors) {
            output.pad(alignment);
            output.bytes(tensor.data());
        }
        if (!tensors.isEmpty()) {
            output.pad(alignment);
        }
        return output.stream.toByteArray();
    }

    private static final class Output {
        final ByteArrayOutputStream stream = new ByteArrayOutputStream();

        void bytes(byte[] bytes) {
            stream.writeBytes(bytes);
        }

        void number(int byteCount, long bits) {
            for (int i = 0; i < byteCount; i++) {
                stream.write((int) (bits >>> (Byte.SIZE * i)));
            }
        }

        void int32(int value) {
            number(Integer.BYTES, value);
        }

        void int64(long value) {
            number(Long.BYTES, value);
        }

        void value(Value value) {
            switch (value) {
                case Bits(int byteCount, long bits) -> number(byteCount, bits);
                case Text(byte[] utf8, OptionalLong claimedLength) -> {
                    int64(claimedLength.orElse(utf8.length));
                    bytes(utf8);
                }
                case Array(int elementType, OptionalLong claimedCount, List<Value> elements) -> {
                    int32(elementType);
                    int64(claimedCount.orElse(elements.size()));
                    elements.forEach(this::value);
                }
            }
        }

        void pad(int alignment) {
            while (stream.size() % alignment != 0) {
                stream.write(0);
            }
        }
    }

    /// Takes a good file apart. Tensors must lie in the order of the header.
    static GgufImage of(byte[] file) {
        return new Parser(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN)).parse();
    }

    private record Parser(ByteBuffer file) {
        GgufImage parse() {
            GgufImage image = new GgufImage();
            file.position(image.magic.length());
            image.version = file.getInt();
            long tensorCount = file.getLong();
            long entryCount = file.getLong();
            for (long i = 0; i < entryCount; i++) {
                Text key = text();
                int type = file.getInt();
                image.entries.add(new Entry(key, type, value(type)));
            }
            List<Tensor> headers = new ArrayList<>();
            List<Integer> offsets = new ArrayList<>();
            for (long i = 0; i < tensorCount; i++) {
                headers.add(tensor(offsets));
            }
            int start = file.position() + (-file.position() & (image.alignment - 1));
            offsets.add(file.capacity() - start);
            for (int i = 0; i < headers.size(); i++) {
                byte[] data = new byte[offsets.get(i + 1) - offsets.get(i)];
                file.get(start + offsets.get(i), data);
                image.tensors.add(headers.get(i).withData(data));
            }
            return image;
        }

        private Tensor tensor(List<Integer> offsets) {
            Text name = text();
            int dims = file.getInt();
            List<Long> shape = new ArrayList<>();
            for (int dim = 0; dim < dims; dim++) {
                shape.add(file.getLong());
            }
            int type = file.getInt();
            offsets.add((int) file.getLong());
            return new Tensor(
                    name, OptionalInt.empty(), shape, type, OptionalLong.empty(), new byte[0]);
        }

        private Value value(int type) {
            return switch (type) {
                case STRING -> text();
                case ARRAY -> {
                    int elementType = file.getInt();
                    long count = file.getLong();
                    List<Value> elements = new ArrayList<>();
                    for (long i = 0; i < count; i++) {
                        elements.add(value(elementType));
                    }
                    yield new Array(elementType, elements);
                }
                default -> number(bytesOf(type));
            };
        }

        private Bits number(int byteCount) {
            long bits = 0;
            for (int i = 0; i < byteCount; i++) {
                bits |= (file.get() & 0xFFL) << (Byte.SIZE * i);
            }
            return new Bits(byteCount, bits);
        }

        private Text text() {
            byte[] utf8 = new byte[(int) file.getLong()];
            file.get(utf8);
            return new Text(utf8, OptionalLong.empty());
        }
    }
}
