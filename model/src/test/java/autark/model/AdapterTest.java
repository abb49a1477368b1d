package autark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import autark.chip.Chip;
import autark.chip.Kernels;
import autark.chip.KvType;
import autark.chip.LargeMemory;
import autark.chip.WorkerPool;
import autark.chip.quant.QuantType;
import autark.model.file.Gguf;
import autark.model.file.TinyAdapter;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// An adapted model answers as the merged one does, whatever the format of the adapter, and keeps
/// the laws of all models.
class AdapterTest {
    private static final int RANK = 5;
    private static final float ALPHA = 8;
    private static final double SCALE = 8.0 / 5;
    private static final float SIZE = 0.2f;
    private static final int TOKENS = 40;

    @TempDir private Path folder;

    private static Model load(Path base, ModelOptions options) {
        try (Gguf file = Gguf.open(base)) {
            return Model.load(file, options.withKvType(KvType.F32));
        }
    }

    private static Model load(Path base, Path adapter) {
        return load(base, ModelOptions.defaults().withThreadCount(2).withAdapter(adapter));
    }

    private static int[] tokens(Model model, long seed) {
        int vocabSize = model.config().vocabSize();
        return new SplittableRandom(seed).ints(TOKENS, 0, vocabSize).toArray();
    }

    private static float[][] logits(Path base, ModelOptions options) {
        try (Model model = load(base, options)) {
            return Runs.logits(model, tokens(model, 1), TOKENS);
        }
    }

    private TinyAdapter adapter(Path base, QuantType type) {
        return TinyAdapter.of(base, RANK, ALPHA, type, SIZE, 7);
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void itGivesTheLogitsOfTheMergedModelInDoublePrecision(QuantType type) {
        Path base = TinyAdapter.smooth("llama", folder.resolve("base.gguf"));
        TinyAdapter adapter = adapter(base, type);
        Path merged = adapter.writeMerged(folder.resolve("merged.gguf"), SCALE);
        for (Path file :
                List.of(
                        adapter.writeGguf(folder.resolve("adapter.gguf")),
                        adapter.writePeft(folder.resolve("peft")),
                        folder.resolve("peft/adapter_model.safetensors"))) {
            try (Model model = load(base, file);
                    Gguf mergedFile = Gguf.open(merged)) {
                int[] tokens = tokens(model, 1);
                float[][] found = Runs.logits(model, tokens, TOKENS);
                double[][] expected = new DoubleLlama(mergedFile).logits(tokens);
                double[][] unadapted;
                try (Gguf baseFile = Gguf.open(base)) {
                    unadapted = new DoubleLlama(baseFile).logits(tokens);
                }
                for (int t = 0; t < TOKENS; t++) {
                    assertThat(distance(found[t], expected[t])).isLessThan(2e-5);
                    assertThat(distance(found[t], unadapted[t])).isGreaterThan(0.1);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-moe", "phi3", "smollm3"})
    void itGivesTheLogitsOfTheReference(String name) {
        Path base = Golden.folder().resolve("arch/" + name + ".gguf");
        Path file = Golden.folder().resolve("adapter/" + name + ".gguf");
        int[] tokens = {1, 5, 9, 13, 7, 3, 22, 30, 2, 8, 11, 17};
        try (Model model = load(base, file)) {
            float[][] expected =
                    Golden.floats(file.resolveSibling(name + ".f32"), model.config().vocabSize());
            float[][] found = Runs.logits(model, tokens, tokens.length);
            assertThat(expected).hasDimensions(tokens.length, model.config().vocabSize());
            for (int t = 0; t < tokens.length; t++) {
                assertThat(found[t]).containsExactly(expected[t], within(2e-4f));
            }
        }
    }

    /// Largest difference, as a share of the largest value.
    private static double distance(float[] found, double[] expected) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < found.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(found[i] - expected[i]));
        }
        return difference / largest;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama of experts",
                "qwen2",
                "qwen3",
                "qwen3moe",
                "smollm3",
                "phi3",
                "gemma2",
                "gemma3"
            })
    void allArchitecturesAnswerAsTheMergedModel(String name) {
        Path base = TinyAdapter.smooth(name, folder.resolve("base.gguf"));
        TinyAdapter adapter = adapter(base, QuantType.F32);
        Path merged = adapter.writeMerged(folder.resolve("merged.gguf"), SCALE);
        float[][] expected = logits(merged, ModelOptions.defaults());
        for (Path file :
                List.of(
                        adapter.writeGguf(folder.resolve("adapter.gguf")),
                        adapter.writePeft(folder.resolve("peft")))) {
            float[][] found = logits(base, ModelOptions.defaults().withAdapter(file));
            for (int t = 0; t < TOKENS; t++) {
                double[] row = new double[expected[t].length];
                for (int i = 0; i < row.length; i++) {
                    row[i] = expected[t][i];
                }
                assertThat(distance(found[t], row)).as("%s, token %d", file, t).isLessThan(1e-4);
            }
        }
    }

    @Test
    void withoutBItGivesTheBitsOfTheBase() {
        Path base = Golden.folder().resolve("quant/q4_k_m.gguf");
        Path file = adapter(base, QuantType.F32).withoutB().writeGguf(folder.resolve("zeros.gguf"));
        float[][] found = logits(base, ModelOptions.defaults().withAdapter(file));
        assertThat(found).isDeepEqualTo(logits(base, ModelOptions.defaults()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arch/llama",
                "arch/llama-moe",
                "arch/phi3",
                "arch/gemma3",
                "quant/q4_0",
                "quant/q4_k_m"
            })
    void chunksThreadsKernelSetsAndOtherSequencesLeaveTheBitsAlone(String name) {
        Path base = Golden.folder().resolve(name + ".gguf");
        Path file = adapter(base, QuantType.F16).writeGguf(folder.resolve("adapter.gguf"));
        ModelOptions options = ModelOptions.defaults().withAdapter(file);
        float[][] whole = logits(base, options.withThreadCount(1));
        for (Kernels kernels : Runs.kernelSets()) {
            for (int threads : new int[] {1, 2, 3, 4}) {
                try (Model model =
                        load(base, options.withKernels(kernels).withThreadCount(threads))) {
                    for (int chunk : threads == 2 ? new int[] {1, 7, TOKENS} : new int[] {9}) {
                        assertThat(Runs.logits(model, tokens(model, 1), chunk))
                                .as("%s, %d threads, %d tokens", kernels.name(), threads, chunk)
                                .isDeepEqualTo(whole);
                    }
                }
            }
        }
        try (Model model = load(base, options.withThreadCount(2))) {
            assertThat(amongOthers(model)).isDeepEqualTo(whole);
        }
        assertThat(logits(base, ModelOptions.defaults())[TOKENS - 1])
                .isNotEqualTo(whole[TOKENS - 1]);
    }

    private static float[][] amongOthers(Model model) {
        int[] tokens = tokens(model, 1);
        int[] others = tokens(model, 2);
        float[][] found = new float[TOKENS][model.config().vocabSize()];
        try (KvCache cache = model.newCache(TOKENS);
                KvCache other = model.newCache(TOKENS);
                Scratch scratch = model.newScratch(4, 4)) {
            for (int i = 0; i < TOKENS; i++) {
                int[] chunk = Arrays.copyOfRange(others, i, Math.min(TOKENS, i + 1 + i % 3));
                other.truncate(Math.min(other.length(), i));
                Batch batch =
                        Batch.of(
                                new Span(chunk, other, Span.Outputs.ALL),
                                new Span(new int[] {tokens[i]}, cache, Span.Outputs.ALL));
                model.forward(batch, scratch);
                scratch.copyLogits(batch.outputCount() - 1, found[i]);
            }
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen3moe"})
    void itsMemoryIsCounted(String name) {
        Path base = TinyAdapter.smooth(name, folder.resolve("base.gguf"));
        Path file = adapter(base, QuantType.F16).writeGguf(folder.resolve("adapter.gguf"));
        ModelOptions options = ModelOptions.defaults().withThreadCount(1).withAdapter(file);
        try (Gguf gguf = Gguf.open(base);
                WorkerPool pool = WorkerPool.start(1);
                Arena arena = Arena.ofConfined()) {
            Config config = Config.read(gguf);
            Kernels kernels = Chip.current().kernels();
            try (Adapter adapter = Adapter.open(options, gguf, config);
                    Scratch scratch = new Scratch(config, adapter.ranks(), 4, 6, 3)) {
                WeightReader weights =
                        new WeightReader(gguf, adapter, kernels, pool, new LargeMemory(arena));
                new ModelLoader(gguf.metadata(), config, weights, config.contextLength()).load();
                MemoryNeed need = MemoryNeed.of(gguf, options, 6, 3);
                assertThat(need.weightBytes()).isEqualTo(weights.allocatedBytes());
                assertThat(need.bufferBytes()).isEqualTo(scratch.allocatedBytes());
                assertThat(need.bytes())
                        .isGreaterThan(MemoryNeed.of(gguf, options.withoutAdapter(), 6, 3).bytes());
            }
            long bytes = MemoryNeed.of(gguf, options.withoutAdapter(), 1, 1).weightBytes();
            long most = bytes + MemoryNeed.PROGRAM_BYTES;
            assertThatThrownBy(() -> Model.load(gguf, options.withMemoryBytes(most)))
                    .isInstanceOf(MemoryShortageException.class);
        }
    }

    @Test
    void itsContentHasAName() {
        Path base = TinyAdapter.smooth("llama", folder.resolve("base.gguf"));
        TinyAdapter adapter = adapter(base, QuantType.F32);
        Path peft = adapter.writePeft(folder.resolve("peft"));
        List<String> names =
                List.of(
                        name(base, ModelOptions.defaults()),
                        name(base, adapted(adapter.writeGguf(folder.resolve("one.gguf")))),
                        name(
                                base,
                                adapted(
                                        adapter.withoutB()
                                                .writeGguf(folder.resolve("other.gguf")))),
                        name(base, adapted(peft)),
                        name(
                                base,
                                adapted(
                                        TinyAdapter.of(base, RANK, 9, QuantType.F32, SIZE, 7)
                                                .writePeft(folder.resolve("stronger")))));
        assertThat(names).doesNotHaveDuplicates();
        assertThat(names.getFirst()).isEmpty();
        assertThat(name(base, adapted(adapter.writeGguf(folder.resolve("again.gguf")))))
                .isEqualTo(names.get(1));
    }

    private static ModelOptions adapted(Path file) {
        return ModelOptions.defaults().withAdapter(file);
    }

    private static String name(Path base, ModelOptions options) {
        try (Model model = load(base, options)) {
            return model.adapter();
        }
    }
}
