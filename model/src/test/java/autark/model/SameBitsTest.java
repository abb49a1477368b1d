package autark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.chip.Kernels;
import autark.chip.KvType;
import autark.chip.KvTypeException;
import autark.model.file.Gguf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Law L1: the logits of a token depend on the model and the tokens before it, and on nothing else.
class SameBitsTest {
    private static final int TOKENS = 75;

    static List<String> models() {
        List<String> models = new ArrayList<>();
        for (String name : List.of("llama", "llama-moe", "qwen3moe", "gemma3", "phi3", "smollm3")) {
            models.add("arch/" + name);
        }
        QuantGoldenTest.types().forEach(name -> models.add("quant/" + name));
        return models;
    }

    private static Model load(String name, int threadCount) {
        return load(name, threadCount, Runs.kernelSets().getLast());
    }

    private static Model load(String name, int threadCount, Kernels kernels) {
        return Runs.load(Golden.folder().resolve(name + ".gguf"), threadCount, kernels);
    }

    private static int[] tokens(Model model, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return random.ints(TOKENS, 0, model.config().vocabSize()).toArray();
    }

    @ParameterizedTest
    @MethodSource("models")
    void chunksThreadsAndKernelSetsLeaveTheBitsAlone(String name) {
        float[][] whole;
        try (Model model = load(name, 1)) {
            int[] tokens = tokens(model, 1);
            whole = Runs.logits(model, tokens, TOKENS);
            for (int chunk : new int[] {1, 7, 32, TOKENS}) {
                assertSame("chunks of " + chunk, whole, Runs.logits(model, tokens, chunk));
            }
        }
        for (Kernels kernels : Runs.kernelSets()) {
            try (Model model = load(name, 2, kernels)) {
                for (int chunk : new int[] {7, TOKENS}) {
                    float[][] found = Runs.logits(model, tokens(model, 1), chunk);
                    assertSame(kernels.name() + " in chunks of " + chunk, whole, found);
                }
            }
        }
        for (int threads : new int[] {2, 3}) {
            try (Model model = load(name, threads)) {
                float[][] found = Runs.logits(model, tokens(model, 1), 32);
                assertSame(threads + " threads", whole, found);
            }
        }
    }

    private static Model load(String name, Kernels kernels, KvType type) {
        ModelOptions options = ModelOptions.defaults().withKernels(kernels).withKvType(type);
        try (Gguf gguf = Gguf.open(Golden.folder().resolve(name + ".gguf"))) {
            return Model.load(gguf, options);
        }
    }

    @Test
    void keysAndValuesOfEightBitsAreTheSameInAllChunksAndKernelSets() {
        float[][] whole = new float[0][];
        for (Kernels kernels : Runs.kernelSets()) {
            try (Model model = load("quant/q4_k_m", kernels, KvType.Q8_0)) {
                for (int chunk : new int[] {1, 7, TOKENS}) {
                    float[][] found = Runs.logits(model, tokens(model, 1), chunk);
                    whole = whole.length == 0 ? found : whole;
                    assertSame(kernels.name() + " in chunks of " + chunk, whole, found);
                }
            }
        }
        try (Model model = load("quant/q4_k_m", 2)) {
            float[][] floats = Runs.logits(model, tokens(model, 1), TOKENS);
            assertThat(whole[TOKENS - 1]).isNotEqualTo(floats[TOKENS - 1]);
        }
    }

    @Test
    void headsThatFillNoGroupOfEightBitsAreRefusedBeforeWeightsAreRead() {
        assertThatThrownBy(() -> load("arch/llama", Runs.kernelSets().getLast(), KvType.Q8_0))
                .isInstanceOf(KvTypeException.class)
                .hasMessageContainingAll("8 components", "take f16");
    }

    @ParameterizedTest
    @MethodSource("models")
    void otherSequencesOfTheBatchLeaveTheBitsAlone(String name) {
        try (Model model = load(name, 2)) {
            int[] tokens = tokens(model, 1);
            int[] others = tokens(model, 2);
            float[][] alone = Runs.logits(model, tokens, TOKENS);
            float[][] together = new float[TOKENS][model.config().vocabSize()];
            try (KvCache cache = model.newCache(TOKENS);
                    KvCache other = model.newCache(TOKENS);
                    Scratch scratch = model.newScratch(2 * TOKENS, 2 * TOKENS)) {
                for (int i = 0; i < TOKENS; i++) {
                    int[] otherChunk =
                            i % 3 == 0
                                    ? Arrays.copyOfRange(others, i, Math.min(TOKENS, i + 3))
                                    : null;
                    Span span = new Span(new int[] {tokens[i]}, cache, Span.Outputs.ALL);
                    Batch batch =
                            otherChunk == null
                                    ? Batch.of(span)
                                    : Batch.of(
                                            new Span(otherChunk, other, Span.Outputs.LAST), span);
                    model.forward(batch, scratch);
                    scratch.copyLogits(batch.outputCount() - 1, together[i]);
                }
            }
            assertSame("with another sequence", alone, together);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aTruncatedCacheGivesTheBitsOfAFreshOne(String name) {
        try (Model model = load(name, 2)) {
            int[] tokens = tokens(model, 1);
            float[][] fresh = Runs.logits(model, tokens, TOKENS);
            float[][] again = new float[TOKENS][model.config().vocabSize()];
            int kept = 41;
            try (KvCache cache = model.newCache(TOKENS);
                    Scratch scratch = model.newScratch(TOKENS, TOKENS)) {
                int[] detour = tokens.clone();
                Arrays.fill(detour, kept, TOKENS, 5);
                model.forward(Batch.of(new Span(detour, cache, Span.Outputs.NONE)), scratch);
                cache.truncate(kept);
                int[] rest = Arrays.copyOfRange(tokens, kept, TOKENS);
                model.forward(Batch.of(new Span(rest, cache, Span.Outputs.ALL)), scratch);
                for (int i = kept; i < TOKENS; i++) {
                    scratch.copyLogits(i - kept, again[i]);
                }
            }
            assertSame(
                    "after truncation",
                    Arrays.copyOfRange(fresh, kept, TOKENS),
                    Arrays.copyOfRange(again, kept, TOKENS));
        }
    }

    private static void assertSame(String what, float[][] expected, float[][] found) {
        for (int row = 0; row < expected.length; row++) {
            assertThat(found[row]).as(what + ", row " + row).isEqualTo(expected[row]);
        }
    }
}
