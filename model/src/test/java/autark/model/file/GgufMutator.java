package autark.model.file;

import autark.chip.quant.QuantType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/// Damages a good model file where it hurts: counts, types, lengths, offsets, alignment, shapes,
/// vocabulary, configuration, or bytes anywhere. Each mutant has one to three wounds. A wound is
/// made in the structure, so that all else fits it and the damage reaches the code behind the
/// header, or in the bytes.
final class GgufMutator {
    private static final long[] ODD_NUMBERS = {
        0,
        1,
        2,
        3,
        7,
        31,
        32,
        33,
        64,
        127,
        128,
        255,
        256,
        1000,
        65_535,
        65_536,
        1 << 20,
        Integer.MAX_VALUE,
        1L << 31,
        (1L << 32) - 1,
        1L << 32,
        (1L << 32) + 1,
        1L << 40,
        1L << 61,
        1L << 62,
        Long.MAX_VALUE - 31,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -2,
        -32
    };
    private static final float[] ODD_FLOATS = {
        0,
        -0f,
        1,
        -1,
        Float.MIN_VALUE,
        0x1p-100f,
        0.5f,
        1e4f,
        0x1p100f,
        Float.MAX_VALUE,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY
    };
    private static final List<String> ODD_TEXTS =
            List.of(
                    "",
                    " ",
                    "a",
                    "\0",
                    "\n",
                    "Ġ",
                    "▁",
                    "Ġ ",
                    " Ġ",
                    "a b c",
                    "<0x-1>",
                    "<0xGG>",
                    "<0x100>",
                    "<0x",
                    "<0x0>",
                    "<|im_end|>",
                    "<s>",
                    "</s>",
                    "<unk>",
                    "\uFFFD",
                    "😀",
                    "\u202e",
                    "llama",
                    "gpt2",
                    "bert",
                    "no_vocab",
                    "gemma3",
                    "deepseek2",
                    "qwen3moe",
                    "yarn",
                    "linear",
                    "longrope",
                    "none",
                    "../../etc/passwd",
                    "{% for i in range(1000000000) %}x{% endfor %}",
                    "{{ ''.__class__ }}",
                    "{%",
                    "{% if messages %}",
                    "{{ messages[0]",
                    "%s%n",
                    "x".repeat(70_000));
    private static final List<String> MORE_KEYS =
            List.of(
                    "attention.key_length",
                    "attention.value_length",
                    "attention.scale",
                    "attention.sliding_window",
                    "attention.sliding_window_pattern",
                    "attention.causal",
                    "attn_logit_softcapping",
                    "final_logit_softcapping",
                    "expert_count",
                    "expert_used_count",
                    "expert_feed_forward_length",
                    "expert_shared_count",
                    "expert_gating_func",
                    "expert_weights_scale",
                    "leading_dense_block_count",
                    "rope.freq_base_swa",
                    "rope.scale_linear",
                    "rope.scaling.type",
                    "rope.scaling.factor",
                    "rope.scaling.attn_factor",
                    "rope.scaling.original_context_length",
                    "rope.scaling.yarn_beta_fast",
                    "rope.scaling.yarn_beta_slow",
                    "tensor_data_layout",
                    "vocab_size");
    private static final int TYPE_COUNT = 13;
    private static final int[] WIDTHS = {1, 2, 4, 8};

    private final SplittableRandom random;
    private final StringBuilder wounds = new StringBuilder();

    GgufMutator(SplittableRandom random) {
        this.random = random;
    }

    /// What was done, for messages.
    String wounds() {
        return wounds.toString();
    }

    /// A damaged copy of the file.
    byte[] mutate(GgufImage seed) {
        GgufImage image = seed.copy();
        int bytesWounds = 0;
        for (int left = 1 + random.nextInt(3) * random.nextInt(2); left > 0; left--) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> entry(image);
                case 3, 4 -> tensor(image);
                case 5 -> counts(image);
                case 6 -> shapeAndData(image);
                default -> bytesWounds++;
            }
        }
        byte[] bytes = image.bytes();
        for (; bytesWounds > 0; bytesWounds--) {
            bytes = bytes(bytes);
        }
        return bytes;
    }

    private void note(String wound) {
        wounds.append(wounds.isEmpty() ? "" : ", ").append(wound);
    }

    // Structure

    private void counts(GgufImage image) {
        switch (random.nextInt(5)) {
            case 0 -> image.claimedTensors = OptionalLong.of(oddNumber(image.tensors.size()));
            case 1 -> image.claimedEntries = OptionalLong.of(oddNumber(image.entries.size()));
            case 2 -> image.version = (int) oddNumber(image.version);
            case 3 -> {
                long alignment = oddNumber(32);
                image.put("general.alignment", GgufImage.UINT32, alignment);
                image.alignment =
                        Long.bitCount(alignment) == 1 && alignment > 0 && alignment <= 4096
                                ? (int) alignment
                                : image.alignment;
            }
            default -> image.alignment = 1 << random.nextInt(8);
        }
        note("counts");
    }

    private void entry(GgufImage image) {
        int index = entryIndex(image);
        GgufImage.Entry entry = image.entries.get(index);
        switch (random.nextInt(12)) {
            case 0 -> image.entries.remove(index);
            case 1 -> image.entries.add(entry);
            case 10, 11 -> addKey(image);
            case 2 -> {
                int other = random.nextInt(image.entries.size());
                GgufImage.Entry from = image.entries.get(other);
                image.entries.set(
                        index, new GgufImage.Entry(entry.key(), from.type(), from.value()));
            }
            case 3 ->
                    image.entries.set(
                            index,
                            new GgufImage.Entry(text(entry.key()), entry.type(), entry.value()));
            case 4 ->
                    image.entries.set(
                            index,
                            new GgufImage.Entry(
                                    entry.key(), (int) oddNumber(entry.type()), entry.value()));
            default -> {
                boolean known = entry.type() >= 0 && entry.type() < TYPE_COUNT;
                boolean changed = !known || random.nextInt(4) == 0;
                int type = changed ? random.nextInt(TYPE_COUNT) : entry.type();
                image.entries.set(
                        index, new GgufImage.Entry(entry.key(), type, value(type, entry.value())));
            }
        }
        note("entry " + entry.key().text());
        if (image.entries.isEmpty()) {
            image.put("general.architecture", "llama");
        }
    }

    /// Any entry, or the longest of three, which mostly is one of the vocabulary.
    private int entryIndex(GgufImage image) {
        int longest = random.nextInt(image.entries.size());
        for (int tries = random.nextInt(2) * 2; tries > 0; tries--) {
            int other = random.nextInt(image.entries.size());
            if (length(image.entries.get(other)) > length(image.entries.get(longest))) {
                longest = other;
            }
        }
        return longest;
    }

    private static int length(GgufImage.Entry entry) {
        return switch (entry.value()) {
            case GgufImage.Bits _ -> 0;
            case GgufImage.Text text -> text.utf8().length;
            case GgufImage.Array array -> array.elements().size();
        };
    }

    /// Adds a key that the seed does without, with a value that is mostly of the right type.
    private void addKey(GgufImage image) {
        String architecture =
                image.entries.getFirst().value() instanceof GgufImage.Text text
                        ? text.text()
                        : "llama";
        String key = MORE_KEYS.get(random.nextInt(MORE_KEYS.size()));
        int type =
                switch (random.nextInt(6)) {
                    case 0 -> random.nextInt(TYPE_COUNT);
                    case 1, 2 -> GgufImage.FLOAT32;
                    case 3 -> GgufImage.STRING;
                    default -> GgufImage.UINT32;
                };
        image.put(architecture + "." + key, type, value(type, new GgufImage.Text("yarn")));
        note("more " + key);
    }

    private GgufImage.Value value(int type, GgufImage.Value old) {
        return switch (type) {
            case GgufImage.STRING ->
                    text(old instanceof GgufImage.Text text ? text : new GgufImage.Text("text"));
            case GgufImage.ARRAY ->
                    array(
                            old instanceof GgufImage.Array array
                                    ? array
                                    : new GgufImage.Array(GgufImage.UINT32, List.of()));
            default -> number(type, old);
        };
    }

    private GgufImage.Value number(int type, GgufImage.Value old) {
        long bits = old instanceof GgufImage.Bits(int _, long value) ? value : 0;
        float oddFloat = ODD_FLOATS[random.nextInt(ODD_FLOATS.length)];
        long odd =
                switch (type) {
                    case GgufImage.FLOAT32 -> Float.floatToRawIntBits(oddFloat);
                    case GgufImage.FLOAT64 -> Double.doubleToRawLongBits(oddFloat);
                    default -> oddNumber(bits);
                };
        return new GgufImage.Bits(GgufImage.bytesOf(type), odd);
    }

    private GgufImage.Text text(GgufImage.Text old) {
        byte[] utf8 = old.utf8();
        return switch (random.nextInt(6)) {
            case 0 -> new GgufImage.Text(utf8, OptionalLong.of(oddNumber(utf8.length)));
            case 1 -> {
                byte[] flipped = utf8.clone();
                if (flipped.length > 0) {
                    flipped[random.nextInt(flipped.length)] = (byte) random.nextInt(256);
                }
                yield new GgufImage.Text(flipped, OptionalLong.empty());
            }
            case 2 -> {
                byte[] cut = Arrays.copyOf(utf8, random.nextInt(utf8.length + 1));
                yield new GgufImage.Text(cut, OptionalLong.empty());
            }
            default -> new GgufImage.Text(ODD_TEXTS.get(random.nextInt(ODD_TEXTS.size())));
        };
    }

    private GgufImage.Array array(GgufImage.Array old) {
        List<GgufImage.Value> elements = new ArrayList<>(old.elements());
        int elementType = old.elementType();
        OptionalLong claimed = OptionalLong.empty();
        int index = elements.isEmpty() ? 0 : random.nextInt(elements.size());
        switch (random.nextInt(elements.isEmpty() ? 3 : 12)) {
            case 0 -> claimed = OptionalLong.of(oddNumber(elements.size()));
            case 1 -> elementType = (int) oddNumber(elementType);
            case 2 -> elements.clear();
            case 3 -> elements.remove(index);
            case 4 -> elements.add(elements.get(index));
            case 5 -> elements.set(index, elements.get(random.nextInt(elements.size())));
            default -> {
                if (elementType >= 0 && elementType < TYPE_COUNT) {
                    elements.set(index, value(elementType, elements.get(index)));
                }
            }
        }
        return new GgufImage.Array(elementType, claimed, elements);
    }

    private void tensor(GgufImage image) {
        if (image.tensors.isEmpty()) {
            return;
        }
        int index = random.nextInt(image.tensors.size());
        GgufImage.Tensor tensor = image.tensors.get(index);
        GgufImage.Tensor other = image.tensors.get(random.nextInt(image.tensors.size()));
        switch (random.nextInt(9)) {
            case 0 -> image.tensors.remove(index);
            case 1 -> image.tensors.add(tensor);
            case 2 -> image.tensors.set(index, renamed(tensor, text(tensor.name())));
            case 3 -> image.tensors.set(index, renamed(tensor, other.name()));
            case 4 -> image.tensors.set(index, tensor.withType((int) oddNumber(tensor.type())));
            case 5 -> image.tensors.set(index, tensor.withClaimedOffset(oddNumber(32)));
            case 6 -> image.tensors.set(index, tensor.withShape(shape(tensor.shape())));
            case 7 ->
                    image.tensors.set(
                            index,
                            new GgufImage.Tensor(
                                    tensor.name(),
                                    OptionalInt.of((int) oddNumber(tensor.shape().size())),
                                    tensor.shape(),
                                    tensor.type(),
                                    tensor.claimedOffset(),
                                    tensor.data()));
            default -> image.tensors.set(index, tensor.withData(randomData(tensor.data())));
        }
        note("tensor " + tensor.name().text());
    }

    private static GgufImage.Tensor renamed(GgufImage.Tensor tensor, GgufImage.Text name) {
        return new GgufImage.Tensor(
                name,
                tensor.claimedDims(),
                tensor.shape(),
                tensor.type(),
                tensor.claimedOffset(),
                tensor.data());
    }

    private List<Long> shape(List<Long> old) {
        List<Long> shape = new ArrayList<>(old);
        int dim = random.nextInt(shape.size());
        switch (random.nextInt(5)) {
            case 0 -> shape.set(dim, oddNumber(shape.get(dim)));
            case 1 -> shape.set(dim, shape.get(dim) + random.nextLong(-1, 2));
            case 2 -> shape.add(1L + random.nextLong(2));
            case 3 -> shape.addFirst(shape.removeLast());
            default -> shape.set(dim, shape.get(dim) * random.nextLong(1, 4));
        }
        return shape;
    }

    /// Another type or shape with as much data as it needs: the header is right, the model not.
    private void shapeAndData(GgufImage image) {
        if (image.tensors.isEmpty()) {
            return;
        }
        int index = random.nextInt(image.tensors.size());
        GgufImage.Tensor tensor = image.tensors.get(index);
        List<QuantType> types = List.of(QuantType.values());
        QuantType type =
                random.nextBoolean()
                        ? types.get(random.nextInt(types.size()))
                        : QuantType.ofGgufId(tensor.type()).orElse(QuantType.F32);
        List<Long> shape = random.nextBoolean() ? tensor.shape() : shape(tensor.shape());
        long elements = shape.stream().reduce(1L, (one, two) -> one * two);
        boolean small = elements > 0 && elements < 1 << 20 && shape.stream().allMatch(e -> e > 0);
        if (small && elements % type.blockElements() == 0) {
            byte[] data = randomData(new byte[(int) type.bytes(elements)]);
            image.tensors.set(
                    index, tensor.withType(type.ggufId()).withShape(shape).withData(data));
            note("shape of " + tensor.name().text());
        }
    }

    private byte[] randomData(byte[] old) {
        byte[] data = new byte[old.length];
        random.nextBytes(data);
        return data;
    }

    // Bytes

    private byte[] bytes(byte[] bytes) {
        int at = random.nextInt(random.nextInt(4) == 0 ? bytes.length : bytes.length / 8 + 1);
        note("bytes at " + at);
        byte[] changed = bytes.clone();
        switch (random.nextInt(6)) {
            case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> changed[at] = (byte) random.nextInt(256);
            case 2 -> overwrite(changed, at);
            case 3 -> {
                return Arrays.copyOf(bytes, random.nextInt(bytes.length));
            }
            case 4 -> {
                int count = Math.min(1 + random.nextInt(16), bytes.length - at);
                System.arraycopy(bytes, at + count, changed, at, bytes.length - at - count);
                return Arrays.copyOf(changed, bytes.length - count);
            }
            default -> {
                int count = 1 + random.nextInt(64);
                byte[] longer = Arrays.copyOf(bytes, bytes.length + count);
                System.arraycopy(bytes, at, longer, at + count, bytes.length - at);
                return longer;
            }
        }
        return changed;
    }

    private void overwrite(byte[] bytes, int at) {
        int width = WIDTHS[random.nextInt(WIDTHS.length)];
        byte[] number =
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(oddNumber(0))
                        .array();
        System.arraycopy(number, 0, bytes, at, Math.min(width, bytes.length - at));
    }

    private long oddNumber(long near) {
        return switch (random.nextInt(6)) {
            case 0 -> near + 1;
            case 1 -> near - 1;
            case 2 -> near * 2;
            case 3 -> near ^ (1L << random.nextInt(64));
            case 4 -> random.nextLong(0, 40);
            default -> ODD_NUMBERS[random.nextInt(ODD_NUMBERS.length)];
        };
    }
}
