package autark.cli;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A made-up model file whose answers are known: what comes next depends on the last character
/// alone. It runs through the same tokenizer, template and kernels as any other, so that a start
/// can be rehearsed, and commands tested, without a real one.
///
/// The embedding of each token is a direction of its own, the only layer adds nothing, and the
/// output projection gives the next character the highest logit. The text to say starts after the
/// line break of the generation prompt; no character occurs twice in it.
final class BigramModel {
    /// Text of all control tokens; their ids follow those of the 256 bytes.
    private static final List<String> CONTROLS = List.of("<|im_start|>", "<|im_end|>");

    private static final int TURN_END = 257;
    private static final int VOCAB_SIZE = 258;

    /// A direction for each token, in whole blocks of 32.
    private static final int MODEL_DIM = 288;

    private static final int FFN_DIM = 32;
    private static final int CONTEXT_LENGTH = 128;
    private static final int ALIGNMENT = 32;
    private static final float SURE = 4;

    private static final int INT32 = 5;
    private static final int FLOAT32 = 6;
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    static final String TEMPLATE =
            "{% for message in messages %}<|im_start|>{{ message.role }}\n"
                    + "{{ message.content }}<|im_end|>\n{% endfor %}"
                    + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private final List<Tensor> tensors = new ArrayList<>();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Tensor(String name, int[] shape, float[] values) {}

    private BigramModel(String answer, String template) {
        metadata.put("general.architecture", "llama");
        metadata.put("llama.context_length", CONTEXT_LENGTH);
        metadata.put("llama.embedding_length", MODEL_DIM);
        metadata.put("llama.block_count", 1);
        metadata.put("llama.feed_forward_length", FFN_DIM);
        metadata.put("llama.attention.head_count", 1);
        metadata.put("llama.attention.head_count_kv", 1);
        metadata.put("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        vocabulary();
        if (!template.isEmpty()) {
            metadata.put("tokenizer.chat_template", template);
        }
        weights(answer);
    }

    /// A model that answers everything with `answer`.
    static byte[] saying(String answer) {
        return new BigramModel(answer, TEMPLATE).bytes();
    }

    /// A model with another template, empty for none.
    static byte[] saying(String answer, String template) {
        return new BigramModel(answer, template).bytes();
    }

    private void vocabulary() {
        List<String> tokens = new ArrayList<>();
        int next = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable =
                    (value >= '!' && value <= '~')
                            || (value >= 0xA1 && value <= 0xAC)
                            || value >= 0xAE;
            tokens.add(Character.toString(printable ? value : next++));
        }
        tokens.addAll(CONTROLS);
        List<Integer> types = new ArrayList<>();
        tokens.forEach(token -> types.add(CONTROLS.contains(token) ? 3 : 1));
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", "gpt-2");
        metadata.put("tokenizer.ggml.tokens", tokens);
        metadata.put("tokenizer.ggml.token_type", types);
        metadata.put("tokenizer.ggml.merges", List.of("\u0100 \u0100"));
        metadata.put("tokenizer.ggml.eos_token_id", TURN_END);
    }

    private void weights(String answer) {
        float[] embedding = tensor("token_embd.weight", MODEL_DIM, VOCAB_SIZE);
        float[] output = tensor("output.weight", MODEL_DIM, VOCAB_SIZE);
        for (int token = 0; token < VOCAB_SIZE; token++) {
            embedding[token * MODEL_DIM + token] = 1;
        }
        int last = '\n';
        for (int character : answer.chars().toArray()) {
            output[character * MODEL_DIM + last] = SURE;
            last = character;
        }
        output[TURN_END * MODEL_DIM + last] = SURE;
        Arrays.fill(tensor("output_norm.weight", MODEL_DIM), 1);
        Arrays.fill(tensor("blk.0.attn_norm.weight", MODEL_DIM), 1);
        Arrays.fill(tensor("blk.0.ffn_norm.weight", MODEL_DIM), 1);
        for (String name : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
            tensor("blk.0." + name + ".weight", MODEL_DIM, MODEL_DIM);
        }
        tensor("blk.0.ffn_gate.weight", MODEL_DIM, FFN_DIM);
        tensor("blk.0.ffn_up.weight", MODEL_DIM, FFN_DIM);
        tensor("blk.0.ffn_down.weight", FFN_DIM, MODEL_DIM);
    }

    /// Adds a tensor of zeros.
    private float[] tensor(String name, int... shape) {
        int count = 1;
        for (int extent : shape) {
            count *= extent;
        }
        Tensor tensor = new Tensor(name, shape, new float[count]);
        tensors.add(tensor);
        return tensor.values();
    }

    private byte[] bytes() {
        Image image = new Image();
        image.bytes("GGUF".getBytes(StandardCharsets.US_ASCII)).int32(3);
        image.int64(tensors.size()).int64(metadata.size());
        metadata.forEach((key, value) -> image.text(key).typed(value));
        int offset = 0;
        for (Tensor tensor : tensors) {
            image.text(tensor.name()).int32(tensor.shape().length);
            for (int extent : tensor.shape()) {
                image.int64(extent);
            }
            image.int32(0).int64(offset);
            int bytes = Float.BYTES * tensor.values().length;
            offset += Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
        }
        for (Tensor tensor : tensors) {
            image.align().floats(tensor.values());
        }
        return image.stream.toByteArray();
    }

    /// Little-endian bytes in the making.
    private static final class Image {
        final ByteArrayOutputStream stream = new ByteArrayOutputStream();

        Image bytes(byte[] bytes) {
            stream.writeBytes(bytes);
            return this;
        }

        Image int32(int value) {
            return bytes(
                    ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
        }

        Image int64(long value) {
            return bytes(
                    ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
        }

        Image text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            return int64(utf8.length).bytes(utf8);
        }

        Image floats(float[] values) {
            ByteBuffer buffer =
                    ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            buffer.asFloatBuffer().put(values);
            return bytes(buffer.array());
        }

        Image align() {
            return bytes(new byte[-stream.size() & (ALIGNMENT - 1)]);
        }

        Image typed(Object value) {
            if (value instanceof List<?> list) {
                int32(ARRAY).int32(type(list.getFirst())).int64(list.size());
                list.forEach(this::plain);
                return this;
            }
            return int32(type(value)).plain(value);
        }

        private Image plain(Object value) {
            return switch (value) {
                case String text -> text(text);
                case Float number -> int32(Float.floatToRawIntBits(number));
                case Integer number -> int32(number);
                default -> throw new IllegalArgumentException("no such value: " + value);
            };
        }

        private static int type(Object value) {
            return value instanceof String ? STRING : value instanceof Float ? FLOAT32 : INT32;
        }
    }
}
