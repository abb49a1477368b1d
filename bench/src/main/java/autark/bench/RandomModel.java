package autark.bench;

import autark.chip.quant.QuantType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Writes a llama model of a given shape with random weights: speed depends on shapes and storage
/// types alone, so models to measure need not be fetched.
///
/// The weights are small enough that activations stay finite. The embedding is the output
/// projection, too. The vocabulary consists of byte tokens and numbered ones.
public final class RandomModel {
    private static final int ALIGNMENT = 32;
    private static final int TYPE_UINT32 = 4;
    private static final int TYPE_INT32 = 5;
    private static final int TYPE_FLOAT32 = 6;
    private static final int TYPE_STRING = 8;
    private static final int TYPE_ARRAY = 9;
    private static final int BYTE_TOKENS = 256;
    private static final int TOKEN_NORMAL = 1;
    private static final int TOKEN_UNKNOWN = 2;
    private static final int TOKEN_CONTROL = 3;
    private static final int TOKEN_BYTE = 6;

    /// Blocks that are drawn; a tensor repeats them.
    private static final int DRAWN_BLOCKS = 10_007;

    /// Sizes of a model.
    ///
    /// @param contextLength positions that it claims to be trained for
    public record Shape(
            int layerCount,
            int modelDim,
            int ffnDim,
            int headCount,
            int kvHeadCount,
            int vocabSize,
            int contextLength) {
        /// The shape of Llama 3.2 1B.
        public static final Shape ONE_BILLION = new Shape(16, 2048, 8192, 32, 8, 128_256, 4096);

        int kvDim() {
            return modelDim / headCount * kvHeadCount;
        }
    }

    /// Storage types of a model, named as files usually are.
    ///
    /// @param main of most matrices
    /// @param best of the output projection and, in the first and last eighth of the layers and
    ///   each third between them, of the values and the last matrix of the feed-forward
    public record Mix(QuantType main, QuantType best) {
        /// One type for all, or a mix whose name ends in `_M`.
        static Mix parse(String name) {
            return switch (name) {
                case "Q4_K_M" -> new Mix(QuantType.Q4_K, QuantType.Q6_K);
                case "Q5_K_M" -> new Mix(QuantType.Q5_K, QuantType.Q6_K);
                default -> new Mix(QuantType.valueOf(name), QuantType.valueOf(name));
            };
        }

        QuantType ofLayer(int layerIndex, int layerCount) {
            int eighth = layerCount / 8;
            boolean chosen =
                    layerIndex < eighth
                            || layerIndex >= layerCount - eighth
                            || (layerIndex - eighth) % 3 == 2;
            return chosen ? best : main;
        }
    }

    private record Tensor(String name, QuantType type, int columns, int rows) {
        long bytes() {
            return type.bytes((long) columns * rows);
        }

        long paddedBytes() {
            return (bytes() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
    }

    private final Shape shape;
    private final List<Tensor> tensors = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(1);

    private RandomModel(Shape shape, Mix mix) {
        this.shape = shape;
        int modelDim = shape.modelDim();
        add("token_embd", mix.best(), modelDim, shape.vocabSize());
        add("output_norm", QuantType.F32, modelDim, 1);
        for (int layerIndex = 0; layerIndex < shape.layerCount(); layerIndex++) {
            String block = "blk." + layerIndex + ".";
            QuantType chosen = mix.ofLayer(layerIndex, shape.layerCount());
            add(block + "attn_norm", QuantType.F32, modelDim, 1);
            add(block + "attn_q", mix.main(), modelDim, modelDim);
            add(block + "attn_k", mix.main(), modelDim, shape.kvDim());
            add(block + "attn_v", chosen, modelDim, shape.kvDim());
            add(block + "attn_output", mix.main(), modelDim, modelDim);
            add(block + "ffn_norm", QuantType.F32, modelDim, 1);
            add(block + "ffn_gate", mix.main(), modelDim, shape.ffnDim());
            add(block + "ffn_up", mix.main(), modelDim, shape.ffnDim());
            add(block + "ffn_down", chosen, shape.ffnDim(), modelDim);
        }
    }

    private void add(String name, QuantType type, int columns, int rows) {
        tensors.add(new Tensor(name + ".weight", type, columns, rows));
    }

    /// Writes a file: `RandomModel TYPE FILE`, with the shape of Llama 3.2 1B.
    static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException(
                    "found %d arguments, expected TYPE FILE, as in: Q4_K_M model.gguf"
                            .formatted(arguments.length));
        }
        write(Shape.ONE_BILLION, Mix.parse(arguments[0]), Path.of(arguments[1]));
    }

    /// Writes a model file.
    public static void write(Shape shape, Mix mix, Path file) throws IOException {
        RandomModel model = new RandomModel(shape, mix);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            byte[] header = model.header();
            out.write(header);
            out.write(new byte[(ALIGNMENT - header.length % ALIGNMENT) % ALIGNMENT]);
            for (Tensor tensor : model.tensors) {
                model.write(tensor, out);
            }
        }
    }

    private byte[] header() {
        Header header = new Header();
        header.text("GGUF").int32(3).int64(tensors.size()).int64(16);
        header.key("general.architecture", TYPE_STRING).string("llama");
        header.key("general.name", TYPE_STRING).string("random");
        header.uint32("llama.block_count", shape.layerCount());
        header.uint32("llama.context_length", shape.contextLength());
        header.uint32("llama.embedding_length", shape.modelDim());
        header.uint32("llama.feed_forward_length", shape.ffnDim());
        header.uint32("llama.attention.head_count", shape.headCount());
        header.uint32("llama.attention.head_count_kv", shape.kvHeadCount());
        header.key("llama.attention.layer_norm_rms_epsilon", TYPE_FLOAT32).float32(1e-5f);
        header.key("llama.rope.freq_base", TYPE_FLOAT32).float32(500_000f);
        header.key("tokenizer.ggml.model", TYPE_STRING).string("llama");
        header.uint32("tokenizer.ggml.bos_token_id", 1);
        header.uint32("tokenizer.ggml.eos_token_id", 2);
        vocabulary(header);
        long offset = 0;
        for (Tensor tensor : tensors) {
            header.string(tensor.name());
            boolean vector = tensor.rows() == 1;
            header.int32(vector ? 1 : 2).int64(tensor.columns());
            if (!vector) {
                header.int64(tensor.rows());
            }
            header.int32(tensor.type().ggufId()).int64(offset);
            offset += tensor.paddedBytes();
        }
        return header.toBytes();
    }

    private void vocabulary(Header header) {
        int size = shape.vocabSize();
        header.key("tokenizer.ggml.tokens", TYPE_ARRAY).int32(TYPE_STRING).int64(size);
        for (int token = 0; token < size; token++) {
            header.string(tokenText(token));
        }
        header.key("tokenizer.ggml.scores", TYPE_ARRAY).int32(TYPE_FLOAT32).int64(size);
        for (int token = 0; token < size; token++) {
            header.float32(-token);
        }
        header.key("tokenizer.ggml.token_type", TYPE_ARRAY).int32(TYPE_INT32).int64(size);
        for (int token = 0; token < size; token++) {
            header.int32(tokenType(token));
        }
    }

    private static String tokenText(int token) {
        return switch (token) {
            case 0 -> "<unk>";
            case 1 -> "<s>";
            case 2 -> "</s>";
            default ->
                    token < 3 + BYTE_TOKENS
                            ? "<0x%02X>".formatted(token - 3)
                            : "t" + Integer.toString(token, 36);
        };
    }

    private static int tokenType(int token) {
        return switch (token) {
            case 0 -> TOKEN_UNKNOWN;
            case 1, 2 -> TOKEN_CONTROL;
            default -> token < 3 + BYTE_TOKENS ? TOKEN_BYTE : TOKEN_NORMAL;
        };
    }

    private void write(Tensor tensor, OutputStream out) throws IOException {
        byte[] blocks = new byte[DRAWN_BLOCKS * tensor.type().blockBytes()];
        random.nextBytes(blocks);
        ByteBuffer buffer = ByteBuffer.wrap(blocks).order(ByteOrder.LITTLE_ENDIAN);
        for (int block = 0; block < DRAWN_BLOCKS; block++) {
            setFloats(tensor.type(), buffer, block * tensor.type().blockBytes());
        }
        long left = tensor.bytes();
        while (left > 0) {
            int count = (int) Math.min(left, blocks.length);
            out.write(blocks, 0, count);
            left -= count;
        }
        out.write(new byte[(int) (tensor.paddedBytes() - tensor.bytes())]);
    }

    /// Overwrites the floats of a block: what was drawn may be no number.
    private void setFloats(QuantType type, ByteBuffer buffer, int offset) {
        float small = (float) random.nextDouble(0.5, 1);
        switch (type) {
            case F32 -> buffer.putFloat(offset, small * 0.04f);
            case F16 -> buffer.putShort(offset, half((small - 0.75f) * 0.1f));
            case BF16 ->
                    buffer.putShort(
                            offset,
                            (short) (Float.floatToRawIntBits((small - 0.75f) * 0.1f) >> 16));
            case Q4_0, Q5_0, Q8_0, IQ4_NL -> buffer.putShort(offset, half(small * 0.002f));
            case IQ4_XS -> buffer.putShort(offset, half(small * 0.00002f));
            case Q4_1, Q5_1 -> {
                buffer.putShort(offset, half(small * 0.002f));
                buffer.putShort(offset + 2, half(small * -0.02f));
            }
            case Q4_K, Q5_K -> {
                buffer.putShort(offset, half(small * 0.0001f));
                buffer.putShort(offset + 2, half(small * 0.0007f));
            }
            case Q2_K -> {
                buffer.putShort(offset + 80, half(small * 0.001f));
                buffer.putShort(offset + 82, half(small * 0.0015f));
            }
            case Q3_K -> buffer.putShort(offset + 108, half(small * 0.0002f));
            case Q6_K -> buffer.putShort(offset + 208, half(small * 0.00002f));
            case MXFP4 -> buffer.put(offset, (byte) 119);
        }
    }

    private static short half(float value) {
        return Float.floatToFloat16(value);
    }

    /// The bytes of a header under construction, little-endian.
    private static final class Header {
        private ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

        Header key(String name, int type) {
            return string(name).int32(type);
        }

        void uint32(String name, int value) {
            key(name, TYPE_UINT32).int32(value);
        }

        Header string(String value) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            int64(utf8.length);
            room(utf8.length).put(utf8);
            return this;
        }

        Header text(String value) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            room(utf8.length).put(utf8);
            return this;
        }

        Header int32(int value) {
            room(Integer.BYTES).putInt(value);
            return this;
        }

        Header int64(long value) {
            room(Long.BYTES).putLong(value);
            return this;
        }

        Header float32(float value) {
            room(Float.BYTES).putFloat(value);
            return this;
        }

        private ByteBuffer room(int count) {
            if (bytes.remaining() < count) {
                ByteBuffer larger =
                        ByteBuffer.allocate(2 * bytes.capacity()).order(ByteOrder.LITTLE_ENDIAN);
                bytes.flip();
                bytes = larger.put(bytes);
            }
            return bytes;
        }

        byte[] toBytes() {
            byte[] result = new byte[bytes.position()];
            bytes.flip();
            bytes.get(result);
            return result;
        }
    }
}
