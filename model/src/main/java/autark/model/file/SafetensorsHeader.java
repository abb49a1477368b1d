package autark.model.file;

import autark.chip.quant.QuantType;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// The checked header of one safetensors file: what it says, and where its tensors lie.
///
/// It is a JSON object with an entry for each tensor: type, shape, and the range of its bytes
/// behind the header. As in a GGUF file the tensors must fill the rest of the file exactly.
///
/// @param tensors by name, in the order of the header
/// @param dataOffset start of the tensor data, which the tensors' offsets count from
record SafetensorsHeader(SequencedMap<String, TensorInfo> tensors, long dataOffset) {
    static final int NAME_BYTES_MAX = 512;

    /// Free text about the file, which says nothing about its tensors.
    private static final String METADATA_KEY = "__metadata__";

    private static final int DEPTH_MAX = 3;
    private static final int NUMBER_DIGITS_MAX = 20;

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH_MAX)
                                    .maxNumberLength(NUMBER_DIGITS_MAX)
                                    .maxNameLength(GgufHeader.KEY_BYTES_MAX)
                                    .maxStringLength(GgufHeader.KEY_BYTES_MAX)
                                    .build())
                    .build();

    /// Reads the header of a file.
    ///
    /// @throws ModelFormatException if anything in it is wrong
    static SafetensorsHeader read(ModelPart file) {
        long headerBytes = headerBytes(file);
        Reader reader = new Reader(file, Long.BYTES + headerBytes);
        try (JsonParser parser =
                JSON.createParser(ObjectReadContext.empty(), new HeaderStream(file, headerBytes))) {
            return reader.read(parser);
        } catch (JacksonException e) {
            long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
            throw reader.error(
                    at, "found a header that is no right JSON: " + e.getOriginalMessage());
        }
    }

    private static long headerBytes(ModelPart file) {
        if (file.byteSize() < Long.BYTES) {
            throw ModelFormatException.at(
                    file.path(),
                    0,
                    "found a file of %d bytes, expected a safetensors file"
                            .formatted(file.byteSize()));
        }
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        file.read(0, length);
        long bytes = length.getLong(0);
        long most = Math.min(GgufHeader.HEADER_BYTES_MAX, file.byteSize() - Long.BYTES);
        if (bytes < 2 || bytes > most) {
            throw ModelFormatException.at(
                    file.path(),
                    0,
                    "found a header of %s bytes, expected 2 to %d; the file is damaged or no safetensors file"
                            .formatted(Long.toUnsignedString(bytes), most));
        }
        return bytes;
    }

    /// The bytes of the header, read as they are asked for.
    private static final class HeaderStream extends InputStream {
        private final ModelPart file;
        private final long end;
        private long at = Long.BYTES;

        HeaderStream(ModelPart file, long headerBytes) {
            this.file = file;
            this.end = Long.BYTES + headerBytes;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            int count = (int) Math.min(length, end - at);
            if (count == 0) {
                return length == 0 ? 0 : -1;
            }
            file.read(at, ByteBuffer.wrap(into, offset, count));
            at += count;
            return count;
        }
    }

    /// What an entry of the header says; each part is there once.
    private record Entry(QuantType type, List<Long> shape, long begin, long end) {}

    private static final class Reader {
        private final ModelPart file;
        private final long dataOffset;
        private final TensorLayout layout;

        Reader(ModelPart file, long dataOffset) {
            this.file = file;
            this.dataOffset = dataOffset;
            this.layout = new TensorLayout(file.path(), file.byteSize(), 1);
        }

        SafetensorsHeader read(JsonParser parser) {
            expect(parser, parser.nextToken(), JsonToken.START_OBJECT, "the header", "an object");
            int count = 0;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (name.equals(METADATA_KEY)) {
                    metadata(parser);
                } else {
                    count++;
                    if (count > GgufHeader.TENSOR_COUNT_MAX) {
                        throw error(
                                at(parser),
                                "found more than %d tensors"
                                        .formatted(GgufHeader.TENSOR_COUNT_MAX));
                    }
                    tensor(parser, checked(parser, name));
                }
            }
            if (parser.nextToken() != null) {
                throw error(at(parser), "found more behind the header's object");
            }
            return new SafetensorsHeader(layout.tensors(dataOffset), dataOffset);
        }

        private void metadata(JsonParser parser) {
            expect(parser, parser.nextToken(), JsonToken.START_OBJECT, METADATA_KEY, "an object");
            int count = 0;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                count++;
                if (count > GgufHeader.METADATA_COUNT_MAX) {
                    throw error(
                            at(parser),
                            "found more than %d entries in %s"
                                    .formatted(GgufHeader.METADATA_COUNT_MAX, METADATA_KEY));
                }
                expect(
                        parser,
                        parser.nextToken(),
                        JsonToken.VALUE_STRING,
                        METADATA_KEY,
                        "texts only");
            }
        }

        /// A name that can be shown anywhere.
        private String checked(JsonParser parser, String name) {
            if (name.isEmpty()
                    || name.length() > NAME_BYTES_MAX
                    || DisplayText.hasInvisible(name)) {
                throw error(
                        at(parser),
                        "found tensor name %s, expected 1 to %d characters that can be shown"
                                .formatted(DisplayText.quoted(name), NAME_BYTES_MAX));
            }
            return name;
        }

        private void tensor(JsonParser parser, String name) {
            long at = at(parser);
            expect(parser, parser.nextToken(), JsonToken.START_OBJECT, name, "an object");
            Optional<QuantType> type = Optional.empty();
            List<Long> shape = List.of();
            List<Long> range = List.of();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String field = parser.currentName();
                switch (field) {
                    case "dtype" -> type = Optional.of(type(parser, name));
                    case "shape" -> shape = numbers(parser, name, GgufHeader.TENSOR_DIMS_MAX);
                    case "data_offsets" -> range = numbers(parser, name, 2);
                    default ->
                            throw error(
                                    at(parser),
                                    "found field %s of tensor %s, expected dtype, shape and data_offsets"
                                            .formatted(DisplayText.quoted(field), name));
                }
            }
            if (type.isEmpty() || shape.isEmpty() || range.size() != 2) {
                throw error(
                        at,
                        "tensor %s: expected dtype, a shape of 1 to %d extents, and two data_offsets"
                                .formatted(name, GgufHeader.TENSOR_DIMS_MAX));
            }
            add(at, name, new Entry(type.get(), shape, range.get(0), range.get(1)));
        }

        private void add(long at, String name, Entry entry) {
            TensorInfo tensor =
                    layout.add(
                            Long.BYTES + at,
                            name,
                            entry.type().ggufId(),
                            entry.shape().reversed(),
                            entry.begin());
            if (entry.end() - entry.begin() != tensor.bytes()) {
                throw error(
                        at,
                        "tensor %s: found data_offsets %d to %d, expected %d bytes for %s of %s"
                                .formatted(
                                        name,
                                        entry.begin(),
                                        entry.end(),
                                        tensor.bytes(),
                                        entry.shape(),
                                        tensor.type()));
            }
        }

        private QuantType type(JsonParser parser, String name) {
            expect(parser, parser.nextToken(), JsonToken.VALUE_STRING, name, "a dtype");
            String text = parser.getString();
            return switch (text) {
                case "F32" -> QuantType.F32;
                case "F16" -> QuantType.F16;
                case "BF16" -> QuantType.BF16;
                default ->
                        throw error(
                                at(parser),
                                "found dtype %s of tensor %s, expected F32, F16 or BF16"
                                        .formatted(DisplayText.quoted(text), name));
            };
        }

        /// Numbers of 0 to 2^63 - 1.
        private List<Long> numbers(JsonParser parser, String name, int most) {
            expect(parser, parser.nextToken(), JsonToken.START_ARRAY, name, "an array of integers");
            List<Long> numbers = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                expect(
                        parser,
                        parser.currentToken(),
                        JsonToken.VALUE_NUMBER_INT,
                        name,
                        "an array of integers");
                numbers.add(parser.getLongValue());
                if (numbers.size() > most || numbers.getLast() < 0) {
                    throw error(
                            at(parser),
                            "tensor %s: found %s, expected at most %d numbers from 0 on"
                                    .formatted(name, numbers, most));
                }
            }
            return numbers;
        }

        private void expect(
                JsonParser parser, JsonToken found, JsonToken token, String what, String expected) {
            if (found != token) {
                throw error(
                        at(parser), "%s: found %s, expected %s".formatted(what, found, expected));
            }
        }

        private static long at(JsonParser parser) {
            return Math.max(0, parser.currentTokenLocation().getByteOffset());
        }

        /// @param at counted from the start of the JSON text
        ModelFormatException error(long at, String message) {
            return ModelFormatException.at(file.path(), Long.BYTES + at, message);
        }
    }
}
