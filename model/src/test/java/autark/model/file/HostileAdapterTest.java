package autark.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.chip.quant.QuantType;
import autark.model.Model;
import autark.model.ModelOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Adapters that do not fit the model, or ask for what cannot be honoured: refused by what is
/// wrong.
final class HostileAdapterTest {
    private static final String Q = "blk.0.attn_q.weight";
    private static final String PEFT_Q = "base_model.model.model.layers.0.self_attn.q_proj";

    @TempDir Path folder;
    private Path base;
    private TinyAdapter good;

    @BeforeEach
    void writeModel() {
        base = TinyAdapter.smooth("llama", folder.resolve("base.gguf"));
        good = TinyAdapter.of(base, 4, 8, QuantType.F32, 0.1f, 1);
    }

    private void load(Path adapter) {
        load(base, adapter);
    }

    private static void load(Path model, Path adapter) {
        try (Gguf file = Gguf.open(model)) {
            Model.load(file, ModelOptions.defaults().withThreadCount(1).withAdapter(adapter))
                    .close();
        }
    }

    private AbstractThrowableAssert<?, ?> refused(Path adapter) {
        return assertThatThrownBy(() -> load(adapter)).isInstanceOf(ModelFormatException.class);
    }

    private AbstractThrowableAssert<?, ?> refused(GgufImage adapter) {
        return refused(adapter.writeTo(folder.resolve("adapter.gguf")));
    }

    private AbstractThrowableAssert<?, ?> refused(SafetensorsImage adapter) {
        Path peft = good.writePeft(folder.resolve("peft"));
        TinyAdapter.write(peft.resolve("adapter_model.safetensors"), adapter.bytes());
        return refused(peft);
    }

    private AbstractThrowableAssert<?, ?> refusedHeader(String header) {
        Path peft = good.writePeft(folder.resolve("peft"));
        TinyAdapter.write(
                peft.resolve("adapter_model.safetensors"), good.safetensors().bytes(header));
        return refused(peft);
    }

    private Path peft(Map<String, String> config) {
        return good.writePeft(folder.resolve("peft"), config);
    }

    @Test
    void theGoodOnesLoad() {
        assertThatCode(() -> load(good.writeGguf(folder.resolve("good.gguf"))))
                .doesNotThrowAnyException();
        assertThatCode(() -> load(peft(good.config()))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "general.type, model, adapter",
        "general.architecture, qwen2, llama",
        "adapter.type, control_vector, lora",
    })
    void aGgufFileOfAnotherKindIsRefused(String key, String value, String expected) {
        GgufImage image = good.image();
        image.entries.removeIf(entry -> entry.key().text().equals(key));
        refused(image.copy()).hasMessageContaining("found no key " + key);
        refused(image.put(key, value))
                .hasMessageContainingAll("key " + key, value, "expected \"" + expected + "\"");
    }

    @Test
    void aModelIsNoAdapter() {
        refused(base).hasMessageContaining("found no key general.type, expected a string");
    }

    @Test
    void anAdapterIsNoModel() {
        Path adapter = good.writeGguf(folder.resolve("adapter.gguf"));
        assertThatThrownBy(() -> load(adapter, adapter))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("\"adapter\" for key general.type, expected a model");
    }

    @Test
    void keysThatChangeTheMeaningAreRefused() {
        refused(good.image().put("adapter.alora.invocation_tokens", List.of("a")))
                .hasMessageContaining("key adapter.alora.invocation_tokens");
        refused(good.image().put("adapter.lora.prompt_prefix", "x"))
                .hasMessageContaining("key adapter.lora.prompt_prefix");
        refused(good.image().put("llama.rope.freq_base", 2f))
                .hasMessageContaining("key llama.rope.freq_base");
        Path named =
                good.image()
                        .put("adapter.lora.task_name", "a name")
                        .put("general.name", "x")
                        .writeTo(folder.resolve("named.gguf"));
        assertThatCode(() -> load(named)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(floats = {0, Float.NaN, Float.POSITIVE_INFINITY})
    void alphaIsAFactor(float alpha) {
        refused(TinyAdapter.of(base, 4, alpha, QuantType.F32, 0.1f, 1).image())
                .hasMessageContaining("key adapter.lora.alpha");
    }

    private static void rename(GgufImage image, String from, String to) {
        image.tensors.replaceAll(tensor ->
                tensor.name().text().equals(from)
                        ? new GgufImage.Tensor(to, tensor.type(), tensor.shape(), tensor.data())
                        : tensor);
    }

    @ParameterizedTest
    @CsvSource({
        "blk.0.attn_q.weight.lora_c, found a tensor that Autark cannot honour",
        "blk.0.attn_norm.weight, found a tensor that Autark cannot honour",
        "blk.9.attn_q.weight.lora_b, found no tensor",
        "blk.0.attn_norm.weight.lora_b, found no tensor",
    })
    void aTensorWithoutAPlaceIsRefused(String name, String message) {
        GgufImage image = good.image();
        rename(image, Q + ".lora_b", name);
        refused(image).hasMessageContainingAll("tensor blk.", message);
    }

    @ParameterizedTest
    @CsvSource({
        "blk.9.attn_q.weight, found no tensor blk.9.attn_q.weight",
        "token_embd.weight, expected one for one of",
        "blk.0.attn_norm.weight, expected one for one of",
        "blk.0.attn_qkv.weight, found no tensor blk.0.attn_qkv.weight",
        "blk.0.ffn_up_exps.weight, found no tensor blk.0.ffn_up_exps.weight",
    })
    void aPairWithoutAProjectionIsRefused(String name, String message) {
        GgufImage image = good.image();
        rename(image, Q + ".lora_a", name + ".lora_a");
        rename(image, Q + ".lora_b", name + ".lora_b");
        refused(image).hasMessageContainingAll("tensor " + name, message);
    }

    @ParameterizedTest
    @CsvSource({
        ".lora_a, 31, 4, 'found shape [31, 4], expected [32, 4]'",
        ".lora_a, 32, 5, 'found shape [32, 5], expected [32, 4]'",
        ".lora_b, 4, 31, 'found shape [4, 31], expected [4, 32]'",
        ".lora_b, 4097, 32, 'found rank 4097, expected at most 4096'",
    })
    void aWrongShapeIsRefused(String suffix, long columns, long rows, String message) {
        GgufImage image = good.image();
        byte[] zeros = new byte[(int) (4 * columns * rows)];
        image.tensors.replaceAll(tensor ->
                tensor.name().text().equals(Q + suffix)
                        ? tensor.withShape(List.of(columns, rows)).withData(zeros)
                        : tensor);
        refused(image).hasMessageContainingAll("tensor " + Q, message);
    }

    @Test
    void aStackForAProjectionOfOneIsRefused() {
        GgufImage image = good.image();
        image.tensors.replaceAll(tensor ->
                tensor.name().text().equals(Q + ".lora_a")
                        ? tensor.withShape(List.of(32L, 4L, 1L))
                        : tensor);
        refused(image).hasMessageContaining("found shape [32, 4, 1], expected [32, 4]");
    }

    @Test
    void quantizedPairsAreRefused() {
        GgufImage image = good.image();
        image.tensors.replaceAll(tensor ->
                tensor.name().text().equals(Q + ".lora_a")
                        ? tensor.withType(QuantType.Q8_0.ggufId()).withData(new byte[4 * 34])
                        : tensor);
        refused(image).hasMessageContainingAll(Q, "found type Q8_0, expected F32, F16 or BF16");
    }

    @Test
    void anEmptyAdapterIsRefused() {
        GgufImage image = good.image();
        image.tensors.clear();
        refused(image).hasMessageContaining("found no tensor, expected those of an adapter");
        refused(new SafetensorsImage())
                .hasMessageContaining("found no tensor, expected those of an adapter");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "peft_type | \"LOHA\" | \"LORA\"",
                "bias | \"all\" | \"none\"",
                "bias | \"lora_only\" | \"none\"",
                "use_dora | true | off",
                "lora_bias | true | off",
                "fan_in_fan_out | true | off",
                "modules_to_save | [\"embed_tokens\"] | off",
                "layer_replication | [[0, 1]] | off",
                "trainable_token_indices | [1] | off",
                "target_parameters | [\"mlp.experts\"] | off",
                "alora_invocation_tokens | [1, 2] | off",
                "megatron_config | {\"a\": 1} | off",
                "use_qalora | true | off",
                "something_new | 1 | off",
                "something_new | \"x\" | off",
                "init_lora_weights | \"pissa\" | change the weights",
                "init_lora_weights | \"olora\" | change the weights",
                "init_lora_weights | 3 | change the weights",
                "r | 0 | an integer of 1 to 4096",
                "r | 4097 | an integer of 1 to 4096",
                "r | 1.5 | an integer of 1 to 4096",
                "r | 99999999999999999999 | JSON",
                "r | 5 | expected 5 as adapter_config.json says",
                "lora_alpha | \"8\" | a number",
                "lora_alpha | 1e300 | a number",
                "lora_alpha | NaN | JSON",
                "use_rslora | 1 | true or false",
                "rank_pattern | {\"q_proj\": 5} | expected 5 as adapter_config.json says",
                "rank_pattern | {\"q_proj\": 0} | an integer of 1 to 4096",
                "rank_pattern | {\".*q_proj\": 4} | regular expressions",
                "rank_pattern | [] | an object",
                "alpha_pattern | {\"^layers\": 4} | regular expressions",
                "alpha_pattern | {\"q_proj\": null} | a number",
                "target_modules | [\"k_proj\"] | target_modules does not name",
                "target_modules | [7] | names",
                "target_modules | {} | names",
            })
    void aConfigurationThatCannotBeHonouredIsRefused(String key, String value, String message) {
        Map<String, String> config = good.config();
        config.put(key, value);
        refused(peft(config)).hasMessageContaining(message);
        assertThatThrownBy(() -> load(peft(config)))
                .message()
                .containsAnyOf(key, "JSON", "rank 4", "q_proj", "regular expressions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"peft_type", "r", "lora_alpha"})
    void whatMustBeSaidIsMissed(String key) {
        Map<String, String> config = good.config();
        config.remove(key);
        refused(peft(config)).hasMessageContaining("found no key " + key);
    }

    @Test
    void whatTellsOfTheTrainingOrIsOffIsPassedOver() {
        Map<String, String> config = good.config();
        config.put("lora_dropout", "0.1");
        config.put("init_lora_weights", "\"gaussian\"");
        config.put("eva_config", "{\"rho\": 2.0, \"tau\": [1, {\"a\": 1}]}");
        config.put("layers_to_transform", "[0, 1]");
        config.put("target_modules", "\"all-linear\"");
        config.put("something_new", "[]");
        config.put("something_newer", "{}");
        config.put("something_newest", "null");
        assertThatCode(() -> load(peft(config))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"r\": 1", "{\"r\": 4, \"r\": 4}", "{} {}", "no"})
    void aConfigurationThatIsNoObjectIsRefused(String json) throws IOException {
        Path peft = peft(good.config());
        Files.writeString(peft.resolve("adapter_config.json"), json);
        refused(peft).hasMessageContaining("adapter_config.json: found ");
    }

    @Test
    void aLargeConfigurationIsRefused() {
        Map<String, String> config = good.config();
        config.put("task_type", "\"" + "x".repeat(1 << 20) + "\"");
        refused(peft(config)).hasMessageContaining("expected at most 1048576");
    }

    @Test
    void missingFilesAreNamed() throws IOException {
        refused(folder.resolve("nothing.gguf"))
                .hasMessageContainingAll("nothing.gguf", "found no file");
        Path peft = peft(good.config());
        Files.delete(peft.resolve("adapter_config.json"));
        refused(peft).hasMessageContainingAll("adapter_config.json", "found no file");
        refused(peft.resolve("adapter_model.safetensors")).hasMessageContaining("config.json");
        Files.move(peft.resolve("adapter_model.safetensors"), peft.resolve("adapter_model.bin"));
        refused(peft).hasMessageContaining("found adapter_model.bin, expected");
    }

    private static void rename(SafetensorsImage image, String from, String to) {
        image.tensors.put(to, image.tensors.remove(from));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.layers.0.self_attn.q_proj",
                "base_model.model.model.layers.0.self_attn.z_proj",
                "base_model.model.model.layers.0",
                "base_model.model.model.layers..q_proj",
                "base_model.model.model.layers.7.self_attn.q_proj",
                "base_model.model.model.layers.00.self_attn.q_proj",
                "base_model.model.model.embed_tokens",
                "base_model.model.model.layers.0.mlp.experts.0.up_proj",
                "base_model.model.model.layers.0.mlp.experts.x.up_proj",
                "base_model.model.vision_tower.layers.0.self_attn.q_proj",
            })
    void aModuleThatTheModelLacksIsRefused(String module) {
        SafetensorsImage image = good.safetensors();
        rename(image, PEFT_Q + ".lora_A.weight", module + ".lora_A.weight");
        rename(image, PEFT_Q + ".lora_B.weight", module + ".lora_B.weight");
        refused(image).hasMessageContaining("tensor " + module);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".lora_magnitude_vector",
                ".lora_embedding_A",
                ".lora_B.bias",
                ".base_layer.weight",
                ".lora_A.default.weight"
            })
    void otherTensorsAreRefused(String suffix) {
        SafetensorsImage image = good.safetensors();
        rename(image, PEFT_Q + ".lora_B.weight", PEFT_Q + suffix);
        refused(image).hasMessageContaining("tensor " + PEFT_Q + suffix + ": found a tensor");
    }

    @Test
    void twoNamesOfOneProjectionAreRefused() {
        SafetensorsImage image = good.safetensors();
        for (String half : List.of(".lora_A.weight", ".lora_B.weight")) {
            SafetensorsImage.Tensor tensor = image.tensors.get(PEFT_Q + half);
            image.tensors.put(
                    PEFT_Q.replace("model.layers", "language_model.model.layers") + half, tensor);
        }
        refused(image).hasMessageContaining("found a second pair for blk.0.attn_q.weight");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"F32\" | \"F64\" | found dtype \"F64\"",
                "\"F32\" | \"Q8\" | found dtype \"Q8\"",
                "\"F32\" | 7 | expected a dtype",
                "[4, 32] | [32, 4] | found shape [4, 32]",
                "[4, 32] | [4, 33] | expected 528 bytes",
                "[4, 32] | [4, 0] | found extent 0",
                "[4, 32] | [] | expected dtype",
                "[4, 32] | 7 | expected an array of integers",
                "[4, 32] | [4.0, 32] | expected an array of integers",
                "[4, 32] | [-4, 32] | numbers from 0 on",
                "[4, 32] | [1, 1, 1, 1, 128] | expected at most 4",
                "[4, 32] | [4294967296, 4294967296] | expected less than 2^63 bytes",
                "[4, 32] | [99999999999999999999, 32] | JSON",
                "[0,512] | [0,511] | expected 512 bytes",
                "[0,512] | [4,516] | hole",
                "[0,512] | [512,0] | expected 512 bytes",
                "[0,512] | [512,1024] | expected it at byte",
                "[0,512] | [9223372036854775807,512] | expected tensor",
                "[0,512] | [0,512,512] | expected at most 2",
                "\"data_offsets\" | \"offsets\" | found field \"offsets\"",
                "\"dtype\" | \"shape\" | expected an array of integers",
                "\"dtype\" | \"dtype\":\"F32\",\"dtype\" | Duplicate",
                "\"__metadata__\":{\"format\":\"pt\"} | \"__metadata__\":7 | expected an object",
                "\"__metadata__\":{\"format\":\"pt\"} | \"__metadata__\":{\"a\":[]} | texts only",
                "\"__metadata__\":{\"format\":\"pt\"} | \"\":{} | found tensor name \"\"",
                "\"__metadata__\":{\"format\":\"pt\"} | \"a\\u001b\":{} | found tensor name",
                "\"__metadata__\":{\"format\":\"pt\"} | \"a\":{} | expected dtype",
            })
    void aHeaderThatLiesIsRefused(String right, String wrong, String message) {
        String header = good.safetensors().header();
        assertThat(header).contains(right);
        int at = header.indexOf(right);
        refusedHeader(header.substring(0, at) + wrong + header.substring(at + right.length()))
                .hasMessageContaining(message)
                .hasMessageContaining("adapter_model.safetensors: ");
    }

    @Test
    void aHeaderThatIsNoObjectIsRefused() {
        String header = good.safetensors().header();
        refusedHeader("[" + header + "]").hasMessageContaining("expected an object");
        refusedHeader(header + "{}").hasMessageContaining("found more behind the header's object");
        refusedHeader(header.substring(0, header.length() - 1)).hasMessageContaining("JSON");
        assertThatCode(
                        () -> {
                            Path peft = peft(good.config());
                            TinyAdapter.write(
                                    peft.resolve("adapter_model.safetensors"),
                                    good.safetensors().bytes(header + "   "));
                            load(peft);
                        })
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 100_000_001, 1L << 32})
    void aHeaderOfAWrongLengthIsRefused(long length) throws IOException {
        Path peft = peft(good.config());
        Path weights = peft.resolve("adapter_model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        Files.write(weights, bytes);
        refused(peft).hasMessageContainingAll("byte 0", "found a header of", "expected 2 to");
    }

    @Test
    void bytesTooManyOrTooFewAreRefused() throws IOException {
        Path peft = peft(good.config());
        Path weights = peft.resolve("adapter_model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        for (int length : new int[] {0, 7, 8, 100, bytes.length - 1, bytes.length + 1}) {
            Files.write(weights, Arrays.copyOf(bytes, length));
            refused(peft).hasMessageContaining("adapter_model.safetensors: byte ");
        }
    }

    @Test
    void anAdapterOfAnotherModelIsRefused() {
        for (String other : List.of("qwen2", "phi3", "llama of experts")) {
            Path model = TinyAdapter.smooth(other, folder.resolve("other.gguf"));
            for (Path adapter :
                    List.of(
                            good.writeGguf(folder.resolve("adapter.gguf")),
                            good.writePeft(folder.resolve("peft")))) {
                assertThatThrownBy(() -> load(model, adapter))
                        .as("%s on %s", adapter, other)
                        .isInstanceOf(ModelFormatException.class)
                        .hasMessageContainingAll("found", "expected");
            }
        }
    }

    @Test
    void patternsAndTheRootOfTheRankAreHonoured() {
        Map<String, String> config = good.config();
        config.put("use_rslora", "true");
        config.put("alpha_pattern", "{\"layers.1.self_attn.k_proj\": 3, \"k_proj\": 6}");
        PeftConfig read = PeftConfig.read(peft(config).resolve("adapter_config.json"));
        assertThat(read.scale("model.layers.0.self_attn.q_proj")).isEqualTo(4f);
        assertThat(read.scale("model.layers.0.self_attn.k_proj")).isEqualTo(3f);
        assertThat(read.scale("model.layers.1.self_attn.k_proj")).isEqualTo(1.5f);
        assertThat(read.scale("model.layers.11.self_attn.kk_proj")).isEqualTo(4f);

        config.put("use_rslora", "false");
        config.put("rank_pattern", "{\"k_proj\": 16}");
        read = PeftConfig.read(peft(config).resolve("adapter_config.json"));
        assertThat(read.scale("model.layers.0.self_attn.q_proj")).isEqualTo(2f);
        assertThat(read.scale("model.layers.0.self_attn.k_proj")).isEqualTo(6f / 16);
        assertThat(read.rank("model.layers.0.self_attn.k_proj")).isEqualTo(16);
    }
}
