package autark.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.model.Batch;
import autark.model.KvCache;
import autark.model.Model;
import autark.model.ModelOptions;
import autark.model.Scratch;
import autark.model.Span;
import autark.text.token.Tokenizer;
import autark.text.token.TokenizerException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that are right as files but wrong as models: refused by the key or tensor at fault, before
/// memory is taken for what they only claim.
final class HostileModelTest {
    private static final Map<String, GgufImage> MODELS = TinyModel.all();

    private static final Pattern OPTIONAL_TENSOR =
            Pattern.compile("output\\.weight|rope_.*|.*\\.bias|.*_[qk]_norm\\.weight");

    @TempDir Path folder;

    static Set<String> models() {
        return MODELS.keySet();
    }

    private static GgufImage model(String name) {
        GgufImage image = MODELS.get(name);
        if (image == null) {
            throw new IllegalArgumentException("found no model " + name);
        }
        return image.copy();
    }

    private Model load(GgufImage image) {
        try (Gguf file = Gguf.open(image.writeTo(folder.resolve("model.gguf")))) {
            return Model.load(file, ModelOptions.defaults().withThreadCount(1));
        }
    }

    private AbstractThrowableAssert<?, ?> refused(GgufImage image) {
        return assertThatThrownBy(() -> load(image).close())
                .isInstanceOf(ModelFormatException.class);
    }

    private static GgufImage replaced(
            GgufImage image, String key, int type, GgufImage.Value value) {
        image.entries.removeIf(entry -> entry.key().text().equals(key));
        return image.put(key, type, value);
    }

    private static GgufImage replaced(GgufImage image, String key, int type, long bits) {
        return replaced(image, key, type, new GgufImage.Bits(GgufImage.bytesOf(type), bits));
    }

    private static GgufImage replaced(GgufImage image, String key, float value) {
        return replaced(image, key, GgufImage.FLOAT32, Float.floatToRawIntBits(value));
    }

    private static int indexOf(GgufImage image, String tensor) {
        for (int i = 0; i < image.tensors.size(); i++) {
            if (image.tensors.get(i).name().text().equals(tensor)) {
                return i;
            }
        }
        throw new IllegalArgumentException("found no tensor " + tensor);
    }

    @ParameterizedTest
    @MethodSource("models")
    void theGoodOnesComputeAToken(String name) {
        try (Model model = load(model(name));
                KvCache cache = model.newCache(2);
                Scratch scratch = model.newScratch(2, 1)) {
            model.forward(Batch.of(new Span(new int[] {1, 0}, cache, Span.Outputs.LAST)), scratch);
            float[] logits = new float[model.config().vocabSize()];
            scratch.copyLogits(0, logits);
            assertThat(logits).doesNotContain(Float.NaN);
            assertThat(logits[0]).isNotEqualTo(logits[1]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "smollm3", "gemma3"})
    void theGoodOnesReadAndWriteText(String name) {
        Path path = model(name).writeTo(folder.resolve("model.gguf"));
        try (Gguf file = Gguf.open(path)) {
            Tokenizer tokenizer = Tokenizer.of(GgufTokenizer.spec(file).orElseThrow());
            String text = "hello  hello wörld 😀\n";
            int[] tokens = tokenizer.encode(text, Tokenizer.Specials.PARSED);
            assertThat(new String(tokenizer.decode(tokens), StandardCharsets.UTF_8).strip())
                    .isEqualTo(text.strip());
            assertThat(tokenizer.vocabSize()).isGreaterThan(256);
        }
    }

    @Test
    void aModelWithoutVocabularyHasNoTokenizer() {
        Path path = model("qwen3moe").writeTo(folder.resolve("model.gguf"));
        try (Gguf file = Gguf.open(path)) {
            assertThat(GgufTokenizer.spec(file)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aMissingTensorIsNamed(String name) {
        for (GgufImage.Tensor tensor : model(name).tensors) {
            String tensorName = tensor.name().text();
            if (!OPTIONAL_TENSOR.matcher(tensorName).matches()) {
                GgufImage image = model(name);
                image.tensors.remove(indexOf(image, tensorName));
                refused(image).hasMessageMatching("(?s).*tensor [\\w.]*" + kin(tensorName) + ".*");
            }
        }
    }

    /// What a message may call the tensor: of a fused pair, or of a router and its experts, either.
    private static String kin(String tensorName) {
        return tensorName
                .replaceAll("(ffn_gate|ffn_up|ffn_gate_inp)\\.weight", "ffn_")
                .replace("attn_qkv.weight", "attn_");
    }

    @Test
    void aWrongShapeIsToldWithTheRightOne() {
        GgufImage image = model("llama");
        int index = indexOf(image, "blk.1.ffn_norm.weight");
        GgufImage.Tensor tensor = image.tensors.get(index);
        image.tensors.set(index, tensor.withShape(List.of(8L, 4L)));
        refused(image)
                .hasMessageContaining("tensor blk.1.ffn_norm.weight: found shape 8 x 4")
                .hasMessageContaining("expected 32");
    }

    /// Three query heads cannot share two key heads, though all shapes are those of such heads.
    @Test
    void headsThatCannotBeSharedAreRefused() {
        GgufImage image = model("qwen3");
        replaced(image, "qwen3.attention.head_count", GgufImage.UINT32, 3);
        replaced(image, "qwen3.attention.head_count_kv", GgufImage.UINT32, 2);
        for (String block : List.of("blk.0.", "blk.1.")) {
            resize(image, block + "attn_q.weight", 32, 48);
            resize(image, block + "attn_k.weight", 32, 32);
            resize(image, block + "attn_v.weight", 32, 32);
            resize(image, block + "attn_output.weight", 48, 32);
        }
        refused(image)
                .hasMessageContaining("key qwen3.attention.head_count_kv")
                .hasMessageContaining("a divisor of the 3 heads");
    }

    private static void resize(GgufImage image, String tensor, long columns, long rows) {
        int index = indexOf(image, tensor);
        byte[] data = new byte[(int) (columns * rows * Float.BYTES)];
        List<Long> shape = List.of(columns, rows);
        image.tensors.set(index, new GgufImage.Tensor(tensor, GgufImage.F32, shape, data));
    }

    @Test
    void aTensorThatNobodyReadsIsRefused() {
        refused(model("llama").tensor("blk.0.attn_sinks.weight", 32))
                .hasMessageContaining("tensor blk.0.attn_sinks.weight")
                .hasMessageContaining("llama");
    }

    @Test
    void aKeyThatNobodyReadsIsRefused() {
        refused(model("llama").put("llama.attention.clamp_kqv", 8f))
                .hasMessageContaining("llama.attention.clamp_kqv");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deepseek2", "bert", "", "Llama", "\u001b[2J\n", "../llama"})
    void anUnknownArchitectureIsNamed(String architecture) {
        GgufImage image =
                replaced(
                        model("llama"),
                        "general.architecture",
                        GgufImage.STRING,
                        new GgufImage.Text(architecture));
        refused(image)
                .hasMessageContaining("general.architecture")
                .hasMessageContaining("gemma3")
                .hasMessageNotContaining("\u001b")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource({
        "llama, llama.block_count, 0",
        "llama, llama.block_count, 3",
        "llama, llama.block_count, 1",
        "llama, llama.block_count, 1025",
        "llama, llama.block_count, 4294967295",
        "llama, llama.embedding_length, 0",
        "llama, llama.embedding_length, 31",
        "llama, llama.embedding_length, 2147483647",
        "llama, llama.embedding_length, 4294967295",
        "llama, llama.feed_forward_length, 0",
        "llama, llama.feed_forward_length, 64",
        "llama, llama.feed_forward_length, 1048577",
        "llama, llama.context_length, 0",
        "llama, llama.context_length, 16777217",
        "llama, llama.attention.head_count, 0",
        "llama, llama.attention.head_count, 3",
        "llama, llama.attention.head_count, 4097",
        "llama, llama.attention.head_count, 4294967295",
        "llama, llama.attention.head_count_kv, 0",
        "llama, llama.attention.head_count_kv, 2",
        "llama, llama.attention.head_count_kv, 4294967295",
        "llama, llama.rope.dimension_count, 0",
        "llama, llama.rope.dimension_count, 3",
        "llama, llama.rope.dimension_count, 18",
        "llama, llama.rope.dimension_count, 4294967295",
        "llama, llama.expert_count, 2",
        "llama, llama.expert_used_count, 1",
        "qwen3, qwen3.attention.key_length, 0",
        "qwen3, qwen3.attention.key_length, 8",
        "qwen3, qwen3.attention.key_length, 4097",
        "qwen3, qwen3.attention.value_length, 8",
        "qwen3moe, qwen3moe.expert_count, 0",
        "qwen3moe, qwen3moe.expert_count, 4",
        "qwen3moe, qwen3moe.expert_count, 1024",
        "qwen3moe, qwen3moe.expert_count, 4294967295",
        "qwen3moe, qwen3moe.expert_used_count, 0",
        "qwen3moe, qwen3moe.expert_used_count, 4",
        "qwen3moe, qwen3moe.expert_feed_forward_length, 0",
        "qwen3moe, qwen3moe.expert_feed_forward_length, 1048576",
        "gemma3, gemma3.attention.sliding_window, 4294967295",
        "qwen2, qwen2.rope.scaling.original_context_length, 0"
    })
    void aSizeThatCannotBeIsRefused(String name, String key, long value) {
        refused(replaced(model(name), key, GgufImage.UINT32, value))
                .hasMessageMatching("(?s).*(key |tensor blk|tensor token_embd).*");
    }

    @ParameterizedTest
    @CsvSource({
        "llama, llama.attention.layer_norm_rms_epsilon, -1",
        "llama, llama.attention.layer_norm_rms_epsilon, NaN",
        "llama, llama.attention.layer_norm_rms_epsilon, Infinity",
        "llama, llama.rope.freq_base, 0",
        "llama, llama.rope.freq_base, -10000",
        "llama, llama.rope.freq_base, NaN",
        "qwen2, qwen2.rope.scaling.factor, 0",
        "qwen2, qwen2.rope.scaling.factor, -4",
        "phi3, phi3.rope.scaling.attn_factor, 0",
        "gemma2, gemma2.attn_logit_softcapping, -1",
        "gemma2, gemma2.final_logit_softcapping, NaN"
    })
    void aNumberThatCannotBeIsRefused(String name, String key, float value) {
        refused(replaced(model(name), key, value)).hasMessageContaining("key " + key);
    }

    @Test
    void aKeyOfAnotherTypeIsRefused() {
        for (GgufImage.Entry entry : model("gemma2").entries) {
            String key = entry.key().text();
            if (key.startsWith("gemma2.")) {
                refused(
                                replaced(
                                        model("gemma2"),
                                        key,
                                        GgufImage.STRING,
                                        new GgufImage.Text("many")))
                        .hasMessageContaining("key " + key)
                        .hasMessageContaining("\"many\"");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<0x-1>", "<0x100>", "<0xGG>", "<0x>", "0x01", ""})
    void aByteTokenThatIsNoByteIsRefused(String text) {
        GgufImage image = model("llama");
        GgufImage.Entry old =
                image.entries.stream()
                        .filter(entry -> entry.key().text().equals("tokenizer.ggml.tokens"))
                        .findFirst()
                        .orElseThrow();
        List<GgufImage.Value> tokens = new ArrayList<>(((GgufImage.Array) old.value()).elements());
        tokens.set(3, new GgufImage.Text(text));
        replaced(
                image,
                "tokenizer.ggml.tokens",
                GgufImage.ARRAY,
                new GgufImage.Array(GgufImage.STRING, tokens));
        try (Gguf file = Gguf.open(image.writeTo(folder.resolve("bytes.gguf")))) {
            assertThatThrownBy(() -> Tokenizer.of(GgufTokenizer.spec(file).orElseThrow()))
                    .isInstanceOf(TokenizerException.class)
                    .hasMessageContaining("token 3 '" + text + "' is of type byte");
        }
    }

    @Test
    void aRopeOfAnUnknownKindIsRefused() {
        GgufImage image =
                replaced(
                        model("qwen2"),
                        "qwen2.rope.scaling.type",
                        GgufImage.STRING,
                        new GgufImage.Text("dynamic"));
        refused(image).hasMessageContaining("\"dynamic\"").hasMessageContaining("yarn");
    }

    @Test
    void aPatternOfWindowsMustNameEachLayer() {
        List<GgufImage.Value> flags = new ArrayList<>();
        flags.add(new GgufImage.Bits(1, 1));
        GgufImage image = model("gemma3");
        image.put(
                "gemma3.attention.sliding_window_pattern",
                GgufImage.ARRAY,
                new GgufImage.Array(GgufImage.BOOL, flags));
        refused(image).hasMessageContaining("sliding_window_pattern");
    }

    /// The width of a dense feed-forward is only claimed where every layer is a mixture.
    @Test
    void aWidthThatNoTensorShowsTakesNoMemory() {
        GgufImage image =
                replaced(
                        model("qwen3moe"),
                        "qwen3moe.feed_forward_length",
                        GgufImage.UINT32,
                        1 << 20);
        try (Model model = load(image)) {
            assertThat(model.config().ffnDim()).isZero();
        }
    }

    /// Neither is the width of experts of which there are none.
    @Test
    void expertsThatNoTensorShowsAreRefused() {
        GgufImage image = model("llama");
        image.put("llama.expert_count", GgufImage.UINT32, 2);
        image.put("llama.expert_used_count", GgufImage.UINT32, 1);
        image.put("llama.expert_feed_forward_length", GgufImage.UINT32, 1 << 20);
        refused(image).hasMessageContaining("key llama.expert_count");
    }

    @Test
    void expertsAreLimitedOverAllLayers() {
        GgufImage image = model("qwen3moe");
        replaced(image, "qwen3moe.block_count", GgufImage.UINT32, 1024);
        replaced(image, "qwen3moe.expert_count", GgufImage.UINT32, 1024);
        refused(image).hasMessageContaining("at most 65536 over all 1024 layers");
    }

    @Test
    void aFileCutShortWhileLoadingIsToldSo() throws IOException {
        Path path = model("llama").writeTo(folder.resolve("cut.gguf"));
        try (Gguf file = Gguf.open(path)) {
            try (RandomAccessFile writer = new RandomAccessFile(path.toFile(), "rw")) {
                writer.setLength(4096);
            }
            assertThatThrownBy(() -> Model.load(file, ModelOptions.defaults()).close())
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("cut short");
        }
    }
}
